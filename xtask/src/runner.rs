//! Runs test programs, shows what they print, and counts their tests.

use crate::process;
use crate::report::Counts;
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// Runs `cargo test …` and sums what its test programs report.
pub(crate) fn cargo_test(command: &mut Command) -> Result<Counts> {
    run(command, &mut std::io::stdout().lock(), libtest_line)
}

/// Runs `node --test …` and sums what it reports.
pub(crate) fn node_test(command: &mut Command) -> Result<Counts> {
    run(command, &mut std::io::stdout().lock(), tap_line)
}

/// A program that fails without a failed test didn't build, or ended before it could say so: that is one failure.
fn run(
    command: &mut Command,
    shown: &mut impl Write,
    count: impl Fn(&str) -> Option<Counts>,
) -> Result<Counts> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("can't run `{}`", process::shown(command)))?;
    let mut counts = Counts::default();
    if let Some(stdout) = child.stdout.take() {
        let mut lines = BufReader::new(stdout);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            shown.write_all(&line)?;
            if let Some(more) = count(&String::from_utf8_lossy(&line)) {
                counts.add(more);
            }
            line.clear();
        }
    }
    let status = child.wait()?;
    if !status.success() && counts.failed == 0 {
        eprintln!(
            "error: `{}` failed without a failed test: {status}",
            process::shown(command)
        );
        counts.add(Counts::FAILED);
    }
    Ok(counts)
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; …`
fn libtest_line(line: &str) -> Option<Counts> {
    let (_, counted) = line
        .trim()
        .strip_prefix("test result: ")?
        .split_once(". ")?;
    let of = |name: &str| {
        counted
            .split("; ")
            .find_map(|count| count.strip_suffix(name)?.trim().parse::<u64>().ok())
    };
    Some(Counts {
        passed: of("passed")?,
        failed: of("failed")?,
        ignored: of("ignored")?,
    })
}

/// `# pass 3`, `# fail 0`, `# cancelled 0`, `# skipped 1`, `# todo 0`
fn tap_line(line: &str) -> Option<Counts> {
    let (name, count) = line.trim_end().strip_prefix("# ")?.split_once(' ')?;
    let count = count.parse::<u64>().ok()?;
    let mut counts = Counts::default();
    match name {
        "pass" => counts.passed = count,
        "fail" | "cancelled" => counts.failed = count,
        "skipped" | "todo" => counts.ignored = count,
        _ => return None,
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64, ignored: u64) -> Counts {
        Counts {
            passed,
            failed,
            ignored,
        }
    }

    #[test]
    fn cargo_s_results_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.02s\n";
        assert_eq!(libtest_line(line), Some(counts(12, 3, 1)));
        let line = "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(libtest_line(line), Some(counts(1, 0, 0)));
        assert_eq!(libtest_line("test result: …"), None);
        assert_eq!(libtest_line("test a ... ok"), None);
    }

    #[test]
    fn node_s_results_are_read() {
        assert_eq!(tap_line("# pass 7\n"), Some(counts(7, 0, 0)));
        assert_eq!(tap_line("# cancelled 2\n"), Some(counts(0, 2, 0)));
        assert_eq!(tap_line("# skipped 1\n"), Some(counts(0, 0, 1)));
        assert_eq!(tap_line("# tests 7\n"), None);
        assert_eq!(tap_line("    # Subtest: pass 7\n"), None);
    }

    #[test]
    fn a_program_that_dies_is_a_failure() {
        let mut command = Command::new("sh");
        command.args([
            "-c",
            "echo 'test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured'; exit 7",
        ]);
        assert_eq!(
            run(&mut command, &mut std::io::sink(), libtest_line).unwrap_or_default(),
            counts(2, 1, 0)
        );
    }
}
