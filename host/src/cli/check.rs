//! `crosswalk check`: is everything there that a pass needs?

use super::failure::Failure;
use super::output::{Output, coloured, emphasised};
use super::session::Session;
use super::table::Column;
use super::{Common, Ended};
use crate::sync::{Point, Standing};

pub(super) async fn run(common: &Common, output: &Output) -> Result<Ended, Failure> {
    let session = Session::open(common)?;
    let progress = output.progress();
    let points = session.engine().check().await;
    drop(progress);
    output.json(&points);
    show(&points, output);
    let is_bad = points.iter().any(|point| point.standing == Standing::Bad);
    Ok(if is_bad {
        Ended::WithErrorsLeft
    } else {
        Ended::Done
    })
}

fn show(points: &[Point], output: &Output) {
    let rows: Vec<Vec<String>> = points
        .iter()
        .map(|point| {
            vec![
                point.standing.name().to_owned(),
                point.what.clone(),
                point.found.clone(),
            ]
        })
        .collect();
    let columns = [Column::Word(""), Column::Word(""), Column::Text("")];
    output.table(&columns, &rows);
    for standing in [Standing::Bad, Standing::Weak] {
        let mut of_standing = points.iter().filter(|point| point.standing == standing);
        if let Some(first) = of_standing.next() {
            let heading = match standing {
                Standing::Bad => "What doesn't work, and what to do",
                _ => "What is weaker than it could be, and what to do",
            };
            output.line(format!("\n{}", emphasised(heading)));
            for point in std::iter::once(first).chain(of_standing) {
                output.line(format!(
                    " {}: {}",
                    coloured(&point.what, standing.name()),
                    point.what_to_do
                ));
            }
        }
    }
}
