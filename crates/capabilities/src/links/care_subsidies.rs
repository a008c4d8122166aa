//! Where 养老服务补贴和护理补贴 is.

use webkit::Href;

/// 服务额度和消费券
pub fn quotas() -> Href {
    Href::to("/quotas")
}

/// The same as a workbook.
pub fn quotas_book() -> Href {
    Href::to("/quotas.xlsx")
}

/// 择高发放
pub fn higher() -> Href {
    Href::to("/quotas/higher")
}

/// The same as a workbook.
pub fn higher_book() -> Href {
    Href::to("/quotas/higher.xlsx")
}
