//! What number do these digits say?

use super::value::Scalar;
use super::{Reader, Unread};

/// The powers of ten whose exponents are powers of two: as many as a number can have.
const TENS: [f64; 9] = [1e1, 1e2, 1e4, 1e8, 1e16, 1e32, 1e64, 1e128, 1e256];

/// Reads a number; a whole one that 64 bits don't hold is a fraction.
pub(super) fn read<'a>(reader: &mut Reader<'a>) -> Result<Scalar<'a>, Unread> {
    let mut number = Digits::default();
    let is_negative = scan(reader, &mut number)?;
    if number.is_whole() && !(is_negative && number.significand == 0) {
        if !is_negative {
            return Ok(Scalar::Whole(number.significand));
        }
        if let Some(negative) = 0_i64.checked_sub_unsigned(number.significand) {
            return Ok(Scalar::Negative(negative));
        }
    }
    let Some(size) = number.to_float() else {
        return Err(reader.wrong("the number is too large"));
    };
    Ok(Scalar::Fraction(if is_negative { -size } else { size }))
}

/// Passes a number over, however large it is.
pub(super) fn skip(reader: &mut Reader<'_>) -> Result<(), Unread> {
    scan(reader, &mut Digits::default()).map(|_| ())
}

/// `significand` × 10^`exponent`.
#[derive(Default)]
struct Digits {
    significand: u64,
    exponent: i32,
    has_point: bool,
    has_exponent: bool,
    is_cut: bool,
}

impl Digits {
    const fn is_whole(&self) -> bool {
        !(self.has_point || self.has_exponent || self.is_cut)
    }

    /// One digit more. What 64 bits don't hold doesn't count, but for its size.
    fn add(&mut self, digit: u8) {
        let more = self
            .significand
            .checked_mul(10)
            .and_then(|tens| tens.checked_add(u64::from(digit)));
        match more {
            Some(significand) if !self.is_cut => {
                self.significand = significand;
                self.exponent = self.exponent.saturating_sub(i32::from(self.has_point));
            }
            _ => {
                self.is_cut = true;
                self.exponent = self.exponent.saturating_add(i32::from(!self.has_point));
            }
        }
    }

    /// None if it is larger than any.
    #[expect(clippy::cast_precision_loss, reason = "a float has no more digits")]
    fn to_float(&self) -> Option<f64> {
        let significand = self.significand as f64;
        if self.exponent >= 0 {
            let number = power_of_ten(
                self.exponent.unsigned_abs(),
                significand,
                |number, power| number * power,
            );
            return number.is_finite().then_some(number);
        }
        Some(power_of_ten(
            self.exponent.unsigned_abs(),
            significand,
            |number, power| number / power,
        ))
    }
}

/// `number` by 10^`exponent`: in one step where that power is exact, else in several.
fn power_of_ten(exponent: u32, number: f64, by: impl Fn(f64, f64) -> f64) -> f64 {
    if number == 0.0 {
        return number;
    }
    let powers = TENS.iter().enumerate();
    let is_in = |place: usize| exponent >> place & 1 == 1;
    if exponent <= 22 {
        let exact = powers.filter(|(place, _)| is_in(*place));
        return by(
            number,
            exact.fold(1.0, |product, (_, power)| product * power),
        );
    }
    let by_one = |number, (place, power): (usize, &f64)| {
        if is_in(place) {
            by(number, *power)
        } else {
            number
        }
    };
    let number = powers.fold(number, by_one);
    (0..exponent >> TENS.len())
        .take(4)
        .fold(number, |number, _| by(by(number, 1e256), 1e256))
}

/// Reads the digits of a number; whether it is negative.
fn scan(reader: &mut Reader<'_>, number: &mut Digits) -> Result<bool, Unread> {
    let is_negative = reader.byte() == Some(b'-');
    if is_negative {
        reader.position += 1;
    }
    if reader.byte() == Some(b'0') {
        reader.position += 1;
        if matches!(reader.byte(), Some(b'0'..=b'9')) {
            return Err(reader.wrong("a number doesn't begin with 0"));
        }
    } else {
        digits(reader, |digit| number.add(digit))?;
    }
    if reader.byte() == Some(b'.') {
        reader.position += 1;
        number.has_point = true;
        digits(reader, |digit| number.add(digit))?;
    }
    if matches!(reader.byte(), Some(b'e' | b'E')) {
        reader.position += 1;
        number.has_exponent = true;
        let is_below = reader.byte() == Some(b'-');
        if matches!(reader.byte(), Some(b'-' | b'+')) {
            reader.position += 1;
        }
        let mut exponent = 0_i32;
        digits(reader, |digit| {
            exponent = exponent.saturating_mul(10).saturating_add(i32::from(digit));
        })?;
        let exponent = if is_below { -exponent } else { exponent };
        number.exponent = number.exponent.saturating_add(exponent);
    }
    Ok(is_negative)
}

/// At least one digit.
fn digits(reader: &mut Reader<'_>, mut each: impl FnMut(u8)) -> Result<(), Unread> {
    let start = reader.position;
    while let Some(byte @ b'0'..=b'9') = reader.byte() {
        each(byte - b'0');
        reader.position += 1;
    }
    if reader.position == start {
        return Err(reader.wrong("expected a digit"));
    }
    Ok(())
}
