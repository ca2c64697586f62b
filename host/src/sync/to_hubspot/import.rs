//! Salesforce's records that were there before: read once, page by page, and planned without the bound of S3.

use super::{Reach, Record};
use crate::error::{ApiError, Class};
use crate::ledger::{ImportProgress, ImportScope, KeptRefusal};
use crate::listed::{Listed, Unreadable};
use crate::salesforce::{BulkQueryState, ListedRecord, RecordObject};
use crate::sync::{BATCH, Engine, Mode, Pass, PassError, Report, Step, Watcher, push, short};
use jiff::Timestamp;
use std::time::Duration;

/// Beyond so many records the Bulk API reads them.
const MOST_BY_REST: u64 = 2_000;
/// Records of a page of the Bulk API: few enough for an answer even if all of them have the longest comments.
const BULK_PAGE: u32 = 500;
/// How long a job of the Bulk API is left alone, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// An import to be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// What it is to bring.
    pub scope: ImportScope,
    /// From which objects.
    pub objects: Vec<RecordObject>,
}

/// An import under way: how its progress is kept.
#[derive(Clone, Copy)]
enum Kept {
    /// In the ledger, under this number.
    As(i64),
    /// Not at all: nothing is written.
    Nowhere,
}

impl Engine<'_> {
    /// How many records an import would read of each of its objects.
    ///
    /// # Errors
    /// If Salesforce fails.
    pub async fn count_to_import(
        &self,
        import: &Import,
    ) -> Result<Vec<(RecordObject, u64)>, PassError> {
        let mut counts = Vec::with_capacity(import.objects.len());
        for object in &import.objects {
            let count = self.salesforce.count_records(*object, import.scope.since);
            counts.push((*object, count.await?));
        }
        Ok(counts)
    }

    /// Brings Salesforce's records that are already there to HubSpot. One that was stopped goes on behind its last page; one that is
    /// repeated finds its records linked. As a preview it plans only.
    ///
    /// # Errors
    /// If one of the systems, the ledger or the module fails for good; what was recorded stays.
    pub async fn import(
        &self,
        import: &Import,
        mode: &Mode,
        watcher: &dyn Watcher,
    ) -> Result<Report, PassError> {
        let mut pass = self.begin(mode, watcher).await?;
        if *mode == Mode::Preview {
            self.ledger.begin()?;
            let planned = self.import_objects(import, Kept::Nowhere, &mut pass).await;
            self.ledger.roll_back()?;
            planned?;
            return Ok(pass.report);
        }
        push::settle_all(self, &mut pass).await?;
        super::push::push(self, &mut pass).await?;
        let id = match self.ledger.unfinished_import(&import.scope)? {
            Some(id) => id,
            None => self.ledger.begin_import(&import.scope, pass.began)?,
        };
        self.import_objects(import, Kept::As(id), &mut pass).await?;
        push::push_patiently(self, &mut pass).await?;
        self.ledger.end_import(id, self.clock.now())?;
        Ok(pass.report)
    }

    async fn import_objects(
        &self,
        import: &Import,
        kept: Kept,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        for object in &import.objects {
            let mut progress = match self.progress_of(*object, kept)? {
                Some(progress) => progress,
                None => ImportProgress {
                    total: self
                        .salesforce
                        .count_records(*object, import.scope.since)
                        .await?,
                    ..ImportProgress::default()
                },
            };
            while !progress.is_done {
                tell(pass, *object, &progress);
                progress = self
                    .import_page(import, *object, progress, kept, pass)
                    .await?;
            }
            tell(pass, *object, &progress);
        }
        Ok(())
    }

    fn progress_of(
        &self,
        object: RecordObject,
        kept: Kept,
    ) -> Result<Option<ImportProgress>, PassError> {
        match kept {
            Kept::As(import) => Ok(self.ledger.import_progress(import, object.name())?),
            Kept::Nowhere => Ok(None),
        }
    }

    fn keep(
        &self,
        object: RecordObject,
        progress: &ImportProgress,
        kept: Kept,
    ) -> Result<(), PassError> {
        match kept {
            Kept::As(import) => {
                let name = object.name();
                Ok(self.ledger.set_import_progress(import, name, progress)?)
            }
            Kept::Nowhere => Ok(()),
        }
    }

    /// Reads and plans one page; answers how far the object is read then.
    async fn import_page(
        &self,
        import: &Import,
        object: RecordObject,
        mut progress: ImportProgress,
        kept: Kept,
        pass: &mut Pass<'_>,
    ) -> Result<ImportProgress, PassError> {
        let key_field = pass.world.key_field.clone();
        let key_field = key_field.as_deref();
        let (since, after) = (import.scope.since, progress.reached.clone());
        let (listed, next) = if progress.total <= MOST_BY_REST {
            let page = self
                .salesforce
                .records_page(object, since, after.as_deref(), key_field)
                .await?;
            let next = page.next.filter(|_| !page.is_last);
            (page.records, next.map(|next| next.id))
        } else {
            let Some(job) = self
                .complete_job(import, object, &mut progress, kept, pass)
                .await?
            else {
                return Ok(progress);
            };
            let page = self
                .salesforce
                .bulk_query_page(&job, after.as_deref(), BULK_PAGE)
                .await?;
            (page.records, page.next)
        };
        progress.read += listed.len() as u64;
        progress.is_done = next.is_none();
        progress.reached = next.or(progress.reached);
        let records = self.readable(object, listed, pass)?;
        self.plan_imported(records, object, &progress, kept, pass)
            .await?;
        Ok(progress)
    }

    /// The job that holds the records, once it is complete; none if there is none any more, and another is to be started.
    async fn complete_job(
        &self,
        import: &Import,
        object: RecordObject,
        progress: &mut ImportProgress,
        kept: Kept,
        pass: &Pass<'_>,
    ) -> Result<Option<String>, PassError> {
        let job = match &progress.job {
            Some(job) => job.clone(),
            None => {
                let key_field = pass.world.key_field.as_deref();
                let since = import.scope.since;
                let job = self.salesforce.start_bulk_query(object, since, key_field);
                let job = job.await?;
                progress.job = Some(job.clone());
                self.keep(object, progress, kept)?;
                job
            }
        };
        let mut wait = FIRST_WAIT;
        loop {
            match self.salesforce.bulk_query_state(&job).await? {
                BulkQueryState::Complete { .. } => return Ok(Some(job)),
                BulkQueryState::UnderWay { .. } => self.clock.sleep(wait).await,
                BulkQueryState::Gone => {
                    *progress = ImportProgress {
                        total: progress.total,
                        ..ImportProgress::default()
                    };
                    self.keep(object, progress, kept)?;
                    return Ok(None);
                }
                BulkQueryState::Failed { message } => {
                    progress.job = None;
                    self.keep(object, progress, kept)?;
                    return Err(failed(object, message).into());
                }
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Plans a page in batches; the last one keeps how far the import is.
    async fn plan_imported(
        &self,
        mut records: Vec<Record>,
        object: RecordObject,
        progress: &ImportProgress,
        kept: Kept,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        while records.len() > BATCH {
            let rest = records.split_off(BATCH);
            self.plan_records_of_salesforce(records, Reach::Import, |_| Ok(()), pass)
                .await?;
            records = rest;
        }
        let keep = |engine: &Self| engine.keep(object, progress, kept);
        self.plan_records_of_salesforce(records, Reach::Import, keep, pass)
            .await
    }

    /// The records of a page that can be read; the others are kept as refused.
    pub(super) fn readable(
        &self,
        object: RecordObject,
        listed: Vec<Listed<ListedRecord>>,
        pass: &Pass<'_>,
    ) -> Result<Vec<Record>, PassError> {
        let mut records = Vec::with_capacity(listed.len());
        let mut unreadable = Vec::new();
        for Listed(record) in listed {
            match record {
                Ok(record) => records.push(Record::read(object.name(), record)),
                Err(error) => unreadable.push(error),
            }
        }
        if !unreadable.is_empty() {
            self.in_part(pass.transactions(), || {
                for error in &unreadable {
                    let refusal = not_read(object, error, self.clock.now());
                    self.ledger.keep_refusal(&refusal)?;
                }
                Ok(())
            })?;
        }
        Ok(records)
    }
}

/// Why a record that Salesforce lists isn't taken.
fn not_read(object: RecordObject, unreadable: &Unreadable, now: Timestamp) -> KeptRefusal {
    let id = unreadable.id.as_deref();
    KeptRefusal {
        source: format!("Salesforce's {}s", object.name()),
        line: None,
        path: String::new(),
        activity: id.map(|id| format!("{}:{}", object.name(), short(id))),
        code: "invalid_record".to_owned(),
        message: unreadable.message.clone(),
        hint: "Salesforce lists it so; the others of its page were read.".to_owned(),
        refused_at: now.to_string(),
    }
}

fn failed(object: RecordObject, message: String) -> ApiError {
    ApiError {
        class: Class::Permanent,
        system: "Salesforce",
        status: None,
        code: Some("bulk_query_failed".to_owned()),
        message: format!(
            "the query for all {}s ended without a result: {message}",
            object.name()
        ),
        what_to_do:
            "Run the import again: it starts another query, and goes on with what isn't there yet."
                .to_owned(),
        retry_after: None,
    }
}

fn tell(pass: &Pass<'_>, object: RecordObject, progress: &ImportProgress) {
    pass.watcher.progress(Step::Importing {
        object: object.name(),
        read: progress.read,
        total: progress.total,
    });
}
