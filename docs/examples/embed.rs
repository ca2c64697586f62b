//! Plans a snapshot by the rules module, with nothing but wasmtime.

use wasmtime::{Engine, Linker, Module, Result, Store, bail};

/// Answers `{"ok": plan}` or `{"error": …}`.
pub fn plan(wasm: &[u8], settings: &str, snapshot: &str) -> Result<String> {
    let engine = Engine::default();
    let module = Module::new(&engine, wasm)?;
    let mut linker = Linker::new(&engine);
    linker.define_unknown_imports_as_traps(&module)?; // the bytes face calls none
    let mut store = Store::new(&engine, ());
    let rules = linker.instantiate(&mut store, &module)?;
    let version = rules.get_typed_func::<(), u32>(&mut store, "cw_abi_version")?;
    if version.call(&mut store, ())? != 1 {
        bail!("another version of the interface");
    }
    let memory = rules.get_memory(&mut store, "memory").unwrap();
    let alloc = rules.get_typed_func::<u32, u32>(&mut store, "cw_alloc")?;
    let free = rules.get_typed_func::<(u32, u32), ()>(&mut store, "cw_free")?;
    let open = rules.get_typed_func::<(u32, u32), u64>(&mut store, "cw_open")?;
    let plan = rules.get_typed_func::<(u32, u32, u32), u64>(&mut store, "cw_plan_to_salesforce")?;

    // Hands an input over, calls, takes the answer, and gives both back.
    let mut call = |input: &str, handle: Option<u32>| -> Result<String> {
        let length = input.len() as u32;
        let address = alloc.call(&mut store, length)?; // 0: refused, and the call says why
        if address != 0 {
            memory.write(&mut store, address as usize, input.as_bytes())?;
        }
        let answer = match handle {
            None => open.call(&mut store, (address, length))?,
            Some(handle) => plan.call(&mut store, (handle, address, length))?,
        };
        free.call(&mut store, (address, length))?;
        let (address, length) = ((answer >> 32) as u32, answer as u32);
        let mut bytes = vec![0; length as usize];
        memory.read(&store, address as usize, &mut bytes)?;
        free.call(&mut store, (address, length))?;
        Ok(String::from_utf8(bytes)?)
    };

    let opened = call(settings, None)?; // {"ok":{"handle":1}}, or the error of the settings
    match opened.trim_matches(|c: char| !c.is_ascii_digit()).parse() {
        Ok(handle) if opened.starts_with(r#"{"ok":"#) => call(snapshot, Some(handle)),
        _ => Ok(opened),
    }
}
