//! The files of the other departments and what stands in them.

mod accounts;
mod assessments;
mod care;
mod deaths;
mod families;
mod give;
mod leads;
mod means;
mod numbers;
mod relief;
pub(crate) mod table;
mod traits;

use crate::DemoFile;
use crate::dirt::Index;
use crate::numbers::Numbers;
use crate::truth::FileTruth;

pub(crate) use give::give;
pub use numbers::Departments;
pub(crate) use numbers::{COUNTY, TOWN};
pub(crate) use relief::low_income;
pub(crate) use traits::{
    Assessment, Category, Disability, Lead, Level, Living, Origin, Relief, Traits,
};

/// Every file besides the first four, in the order of importing.
pub(crate) fn files(index: &Index<'_>, numbers: &Numbers) -> Vec<(DemoFile, FileTruth)> {
    vec![
        deaths::cancellations(index),
        low_income(index, numbers),
        relief::disabled(index, numbers),
        families::family_planning(index, numbers),
        families::veterans(index, numbers),
        families::marriages(index, numbers),
        accounts::insurance(index, numbers),
        accounts::accounts(index, numbers),
        care::subsidies(index),
        assessments::ledger(index, numbers),
        leads::leads(index),
    ]
}
