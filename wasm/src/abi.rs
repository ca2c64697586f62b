//! The bytes face: what any WebAssembly host calls. `docs/module.md` specifies it.
#![allow(
    unsafe_code,
    reason = "a host hands over addresses in this module's memory"
)]

use crate::session::{self, ABI_VERSION, LARGEST_INPUT, Session};
use std::alloc::{Layout, alloc, dealloc};
use std::cell::RefCell;

thread_local! {
    /// Not `static`: the module has one thread, and `RefCell` no `Sync`.
    static SESSION: RefCell<Session> = const { RefCell::new(Session::new()) };
}

#[unsafe(no_mangle)]
extern "C" fn cw_abi_version() -> u32 {
    ABI_VERSION
}

/// Memory for an input; 0 if there is none left, or if no input may be that large.
#[unsafe(no_mangle)]
extern "C" fn cw_alloc(length: usize) -> *mut u8 {
    match Layout::array::<u8>(length) {
        // SAFETY: the layout's size is not zero.
        Ok(layout) if (1..=LARGEST_INPUT).contains(&length) => unsafe { alloc(layout) },
        _ => std::ptr::null_mut(),
    }
}

/// Gives memory back: an input's, or an answer's.
///
/// # Safety
/// `address` and `length` are those of one `cw_alloc` or of one answer, not freed before.
#[unsafe(no_mangle)]
unsafe extern "C" fn cw_free(address: *mut u8, length: usize) {
    if let Ok(layout) = Layout::array::<u8>(length)
        && length > 0
        && !address.is_null()
    {
        // SAFETY: inputs and answers both are allocated with this layout.
        unsafe { dealloc(address, layout) };
    }
}

/// Opens rules under the settings in memory.
///
/// # Safety
/// `length` bytes are readable at `address`, unless it is 0.
#[unsafe(no_mangle)]
unsafe extern "C" fn cw_open(address: *const u8, length: usize) -> u64 {
    // SAFETY: what this function asks of its caller.
    let answer = unsafe { answer(address, length, |session, input| session.open(input)) };
    handed_over(answer)
}

#[unsafe(no_mangle)]
extern "C" fn cw_close(handle: u32) {
    SESSION.with_borrow_mut(|session| session.close(handle));
}

/// Plans the activities of the snapshot in memory.
///
/// # Safety
/// `length` bytes are readable at `address`, unless it is 0.
#[unsafe(no_mangle)]
unsafe extern "C" fn cw_plan_to_salesforce(handle: u32, address: *const u8, length: usize) -> u64 {
    let plan = |session: &mut Session, input: &[u8]| session.plan_to_salesforce(handle, input);
    // SAFETY: what this function asks of its caller.
    let answer = unsafe { answer(address, length, plan) };
    handed_over(answer)
}

/// Plans the records of the snapshot in memory.
///
/// # Safety
/// `length` bytes are readable at `address`, unless it is 0.
#[unsafe(no_mangle)]
unsafe extern "C" fn cw_plan_to_hubspot(handle: u32, address: *const u8, length: usize) -> u64 {
    let plan = |session: &mut Session, input: &[u8]| session.plan_to_hubspot(handle, input);
    // SAFETY: what this function asks of its caller.
    let answer = unsafe { answer(address, length, plan) };
    handed_over(answer)
}

/// Compares two settings over the snapshot in memory (P5).
///
/// # Safety
/// `length` bytes are readable at `address`, unless it is 0.
#[unsafe(no_mangle)]
unsafe extern "C" fn cw_compare(before: u32, after: u32, address: *const u8, length: usize) -> u64 {
    let compare = |session: &mut Session, input: &[u8]| session.compare(before, after, input);
    // SAFETY: what this function asks of its caller.
    let answer = unsafe { answer(address, length, compare) };
    handed_over(answer)
}

/// A refused allocation's address may be passed on: it is answered by `too_large`.
unsafe fn answer(
    address: *const u8,
    length: usize,
    call: impl FnOnce(&mut Session, &[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let input = if length == 0 {
        &[]
    } else if address.is_null() || length > LARGEST_INPUT {
        return session::refuse(&session::too_large(length));
    } else {
        // SAFETY: the caller says that these bytes are readable, and nothing else runs while they are read.
        unsafe { std::slice::from_raw_parts(address, length) }
    };
    SESSION.with_borrow_mut(|session| call(session, input))
}

/// The caller owns the answer from now on.
fn handed_over(answer: Vec<u8>) -> u64 {
    let answer = Box::leak(answer.into_boxed_slice());
    (answer.as_mut_ptr() as u64) << 32 | answer.len() as u64
}
