//! What came out of each part of a test run, and of all of them.

use std::fmt;
use std::process::ExitCode;

/// Counts of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl Counts {
    /// One check that went well.
    pub(crate) const PASSED: Self = Self {
        passed: 1,
        failed: 0,
        ignored: 0,
    };
    /// One check that didn't.
    pub(crate) const FAILED: Self = Self {
        passed: 0,
        failed: 1,
        ignored: 0,
    };

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }

    /// Whether any test ran.
    pub(crate) const fn is_none(self) -> bool {
        self.passed + self.failed == 0
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        match self.ignored {
            0 => Ok(()),
            ignored => write!(f, " ({ignored} ignored)"),
        }
    }
}

/// Collects the parts as they end; each is shown at once and again at the end.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<String>,
    total: Counts,
}

impl Report {
    /// Says what comes next.
    pub(crate) fn begin(&self, part: &str) {
        println!("\n== {part}");
    }

    /// A part that counts its tests. No test at all is a failure: a part that finds nothing proves nothing.
    pub(crate) fn counted(&mut self, part: &str, counts: Counts) {
        if counts.is_none() {
            self.end(part, Counts::FAILED, "FAILED: no test ran");
        } else {
            let verdict = if counts.failed == 0 { "ok" } else { "FAILED" };
            self.end(part, counts, &format!("{verdict}: {counts}"));
        }
    }

    /// A part that either goes well or doesn't; counted as one test.
    pub(crate) fn checked(&mut self, part: &str, result: anyhow::Result<()>) {
        match result {
            Ok(()) => self.end(part, Counts::PASSED, "ok"),
            Err(error) => self.end(part, Counts::FAILED, &format!("FAILED: {error:#}")),
        }
    }

    /// A part that can't run here, and why; it counts nothing.
    pub(crate) fn skipped(&mut self, part: &str, why: &str) {
        self.end(part, Counts::default(), &format!("SKIPPED: {why}"));
    }

    fn end(&mut self, part: &str, counts: Counts, verdict: &str) {
        let line = format!("{part}: {verdict}");
        println!("{line}");
        self.lines.push(line);
        self.total.add(counts);
    }

    /// Prints all parts, and as the very last line what passed and failed.
    pub(crate) fn finish(self) -> ExitCode {
        println!();
        for line in &self.lines {
            println!("{line}");
        }
        println!("{} passed, {} failed", self.total.passed, self.total.failed);
        if self.total.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_without_tests_is_a_failure() {
        let mut report = Report::default();
        report.counted("core", Counts::default());
        assert_eq!(report.total, Counts::FAILED);
    }

    #[test]
    fn what_is_skipped_counts_nothing() {
        let mut report = Report::default();
        report.skipped("web", "there are no pages yet");
        assert_eq!(report.total, Counts::default());
    }

    #[test]
    fn a_failed_check_counts_as_one_failed_test() {
        let mut report = Report::default();
        report.checked("formatting", Ok(()));
        report.checked("clippy", Err(anyhow::anyhow!("one warning")));
        assert_eq!((report.total.passed, report.total.failed), (1, 1));
        assert!(report.lines[1].ends_with("FAILED: one warning"));
    }
}
