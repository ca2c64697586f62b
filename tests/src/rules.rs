//! The rules that the corpus has to cover.

/// Fewer cases than this don't cover a rule: it holds, it doesn't, its edge.
pub const CASES_PER_RULE: usize = 3;

/// Every rule that the module decides, by its number in the specification.
pub const RULES: &[&str] = &[
    "I1", "I2", "I3", "I4", "I5", "I6", "K1", "K2", "K3", "K4", "K5", "W1", "W2", "W3", "W4", "W5",
    "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "O1", "O2", "O3", "O4", "O5", "O6", "O7",
    "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12", "F13", "F14", "F15",
    "F16", "U0", "U1", "U2", "U3", "U4", "U5", "D1", "S1", "S2", "S3", "S4", "S5", "S6", "S7",
    "S8", "S9", "S10", "P1", "P2", "P3", "P4", "P5",
];
