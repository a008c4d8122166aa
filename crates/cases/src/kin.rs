//! 亲属备案: staff declare which elders they are related to, and do not decide about them (回避).

use access::Actor;
use kernel::{AccountId, Now, PersonId, Trouble};
use sqlx::PgConnection;

use crate::store::kin as store;

/// 亲属关系: what the elder is to the member of staff.
#[doc(alias = "亲属关系")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// 本人
    Oneself,
    /// 配偶
    Spouse,
    /// 父母
    Parent,
    /// 子女
    Child,
    /// 兄弟姐妹
    Sibling,
    /// 祖父母、外祖父母
    Grandparent,
    /// 姻亲
    InLaw,
    /// 其他近亲属
    Other,
}

impl Relation {
    /// All of them, in the order of the form.
    pub const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::Parent, "parent", "父母"),
        (Self::Spouse, "spouse", "配偶"),
        (Self::Grandparent, "grandparent", "祖父母、外祖父母"),
        (Self::Sibling, "sibling", "兄弟姐妹"),
        (Self::Child, "child", "子女"),
        (Self::InLaw, "in_law", "姻亲"),
        (Self::Other, "other", "其他近亲属"),
        (Self::Oneself, "oneself", "本人"),
    ];

    fn entry(self) -> &'static (Self, &'static str, &'static str) {
        Self::ALL.iter().find(|(it, ..)| *it == self).expect("every relation is in the table")
    }

    /// The stored word.
    pub fn code(self) -> &'static str {
        self.entry().1
    }

    /// The bureau's word.
    pub fn chinese(self) -> &'static str {
        self.entry().2
    }

    /// The one with this stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, word, _)| *word == code).map(|(it, ..)| *it)
    }
}

/// 亲属备案: one declaration.
#[doc(alias = "亲属备案")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Its id.
    pub id: i64,
    /// Which account does not decide.
    pub account: AccountId,
    /// Its person's name.
    pub name: String,
    /// About whom.
    pub person: PersonId,
    /// What the elder is to them.
    pub relation: Relation,
    /// Since when.
    pub declared_at: Now,
    /// When, by whom and why it was ended.
    pub ended: Option<(Now, String, String)>,
}

/// What the person is to the account, if that was declared and holds. Files merged into the
/// person's count as theirs.
pub async fn relation(
    conn: &mut PgConnection,
    account: AccountId,
    person: PersonId,
) -> Result<Option<Relation>, Trouble> {
    store::relation(conn, account, person).await
}

/// Which of these people the account may not decide about.
pub async fn among(
    conn: &mut PgConnection,
    account: AccountId,
    people: &[PersonId],
) -> Result<Vec<PersonId>, Trouble> {
    store::among(conn, account, people).await
}

/// 备案: declares that the actor is related to the person. Declared twice, the first stands.
pub async fn declare(
    conn: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
    relation: Relation,
    at: Now,
) -> Result<(), Trouble> {
    if store::declare(conn, actor.account, person, relation, at).await? {
        return Ok(());
    }
    Err(Trouble::Conflict("您与这位老人的亲属关系已经备案，不用再报。".to_owned()))
}

/// 解除备案: ends a declaration, by somebody else than whom it holds back, with the reason.
pub async fn end(
    conn: &mut PgConnection,
    actor: &Actor,
    id: i64,
    reason: &str,
    at: Now,
) -> Result<Declaration, Trouble> {
    let it = store::declaration(conn, id).await?.ok_or(Trouble::NotFound)?;
    if it.account == actor.account {
        return Err(Trouble::refused(
            "自己的亲属备案不能由自己解除。",
            "请由其他审核或审批人员核实后解除。",
        ));
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 1_000 {
        return Err(Trouble::refused("解除备案要写明原因，一千字以内。", "请写一两句核实的情况。"));
    }
    if !store::end(conn, id, actor.account, reason, at).await? {
        return Err(Trouble::Conflict("这条备案已被他人解除，未再改动。".to_owned()));
    }
    Ok(it)
}

/// Declarations of the scope, those that hold first, then the newest; at most `limit`, from
/// `offset` on. Of one account only when it is given.
pub async fn declarations(
    conn: &mut PgConnection,
    account: Option<AccountId>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Declaration>, Trouble> {
    store::declarations(conn, account, limit, offset).await
}

/// How many there are in all.
pub async fn count(conn: &mut PgConnection, account: Option<AccountId>) -> Result<i64, Trouble> {
    store::count(conn, account).await
}
