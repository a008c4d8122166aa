//! 结算数字: what June came to, read from the run that was sent.

use std::collections::{BTreeMap, HashMap};

use facts::population;
use kernel::{Fen, Month, PersonId, ResidentNumber, RunId, Trouble};
use payroll::store as runs;
use payroll::{Cause, hex, public_digest};
use serde::Serialize;
use sm3::{Digest, Sm3};

use super::Player;
use super::money;

/// The closing figures of a month.
#[derive(Debug, Serialize)]
pub(crate) struct Closing {
    month: Month,
    lines: i64,
    total_fen: Fen,
    arrears_fen: Fen,
    arrears_months: u64,
    arrears_people: u64,
    /// 人月
    months: i64,
    held: i64,
    pub(crate) unexplained: i64,
    /// Why it differs from the month before: people, lines and fen by cause.
    differences: BTreeMap<&'static str, Difference>,
    /// People by band, in the list's words.
    by_band: BTreeMap<String, u64>,
    /// The same in every data folder: see `payroll::public_digest`.
    digest: String,
    /// What was frozen and locked in this folder.
    content_digest: String,
    bank_file_sm3: String,
    bank_file_bytes: usize,
}

#[derive(Debug, Serialize)]
struct Difference {
    people: i64,
    lines: i64,
    amount_fen: Fen,
}

impl Closing {
    /// In one sentence.
    pub(crate) fn sentence(&self) -> String {
        let bands = self.by_band.iter().map(|(band, lines)| format!("{band} {lines} 人"));
        format!(
            "{}发放 {} 人 {} 元（{}），其中补发 {} 人 {} 个月 {} 元；暂缓 {} 人，原因不明的差异 {} 人。\
             \n校验值：{}\n银行文件 SM3：{}",
            self.month.chinese(),
            self.lines,
            self.total_fen,
            bands.collect::<Vec<_>>().join("，"),
            self.arrears_people,
            self.arrears_months,
            self.arrears_fen,
            self.held,
            self.unexplained,
            self.digest,
            self.bank_file_sm3,
        )
    }
}

/// Reads them.
pub(super) async fn figures(player: &mut Player<'_>, id: RunId) -> Result<Closing, Trouble> {
    let file = money::bank_file(player, id).await?;
    let actor = player.auditor().await?;
    let mut tx = player.app.db().begin(&actor.scope).await?;
    let run = runs::run(tx.conn(), id).await?;
    let lines = runs::all_lines(tx.conn(), id).await?;
    let tally = runs::difference_tally(tx.conn(), id).await?;
    drop(tx);
    let whom: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    let mut engine = player.app.db().begin_engine().await?;
    let numbers = population::numbers_of(engine.conn(), player.app.vault(), &whom).await?;
    drop(engine);
    let numbers: HashMap<PersonId, ResidentNumber> = numbers.into_iter().collect();
    let digest = public_digest(&run.item, &lines, &|person| numbers.get(&person));
    let digest = digest.ok_or_else(|| Trouble::fault("a line without a resident number"))?;
    let mut by_band: BTreeMap<String, u64> = BTreeMap::new();
    for line in &lines {
        let band = line.band.and_then(|band| run.bands.get(usize::from(band)));
        *by_band.entry(band.cloned().unwrap_or_default()).or_default() += 1;
    }
    let arrears = lines.iter().map(|line| line.arrears_months() as u64);
    let of = |cause: Cause| tally.iter().find(|(it, _)| *it == cause).map(|(_, tally)| tally);
    let differences = Cause::ALL.iter().filter_map(|cause| {
        let tally = of(*cause)?;
        let it = Difference { people: tally.people, lines: tally.lines, amount_fen: tally.amount };
        Some((cause.code(), it))
    });
    Ok(Closing {
        month: run.month,
        lines: run.lines,
        total_fen: run.total(),
        arrears_fen: run.arrears,
        arrears_months: arrears.clone().sum(),
        arrears_people: arrears.filter(|months| *months > 0).count() as u64,
        months: run.months,
        held: run.held,
        unexplained: run.unexplained,
        differences: differences.collect(),
        by_band,
        digest: digest.hex(),
        content_digest: run.digest.map_or_else(String::new, |digest| hex(&digest)),
        bank_file_sm3: hex(&Sm3::digest(&file).into()),
        bank_file_bytes: file.len(),
    })
}
