//! Rounds of the survival check for the capabilities that run them and show them.

mod domain;
mod store;

use db::Tx;
use kernel::Trouble;

pub(crate) use domain::{OTHERS, Rules, TRACES, WAYS, called, trace};
pub(crate) use store::{Round, rounds};

/// The settings of the region.
pub(crate) async fn rules(tx: &mut Tx) -> Result<Rules, Trouble> {
    let mut texts = Vec::with_capacity(3);
    for name in ["survival_months", "survival_trace_days", "survival_working_days"] {
        texts.push(access::setting(tx.conn(), name).await?.unwrap_or_default());
    }
    Ok(Rules::parse(&texts[0], &texts[1], &texts[2])?)
}
