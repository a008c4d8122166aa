use std::collections::HashSet;

use kernel::{AreaId, CaseId, CaseOpening, CaseStep, Day, Hand, PersonId, Refusal, Role};
use sm3::{Digest, Sm3};

use crate::Case;

/// 流程: a published graph that cases move along. A capability keeps its own as a constant table in
/// its `flow.rs`; `docs/generated/flows.md` draws all of them.
#[doc(alias = "流程")]
#[derive(Debug, PartialEq, Eq)]
pub struct Flow {
    /// Stored word, for ever.
    pub id: &'static str,
    /// The bureau's word.
    pub chinese: &'static str,
    /// Where a case can stand; it begins in the first.
    pub states: &'static [StateDef],
    /// How it can move.
    pub moves: &'static [MoveDef],
}

/// 环节: where a case can stand.
#[derive(Debug, PartialEq, Eq)]
pub struct StateDef {
    /// Stored word, for ever.
    pub id: &'static str,
    /// The bureau's word.
    pub chinese: &'static str,
    /// Who owes the next act; none where the case has ended.
    pub owner: Option<Role>,
}

/// 办理动作: one way in which a case moves.
#[derive(Debug, PartialEq, Eq)]
pub struct MoveDef {
    /// Stored word, for ever; one for the whole flow.
    pub id: &'static str,
    /// What stands on the button.
    pub label: &'static str,
    /// From any of these states.
    pub from: &'static [&'static str],
    /// To this state.
    pub to: &'static str,
    /// Who may.
    pub roles: &'static [Role],
    /// Whose part in the case it is.
    pub hand: Option<Hand>,
    /// Whether something must be said.
    pub needs_note: bool,
    /// Reasons to choose from, at least one; empty where none is asked.
    pub codes: &'static [ReasonCode],
    /// How long the next act may take.
    pub window: Window,
}

/// 原因代码: a reason to choose.
#[derive(Debug, PartialEq, Eq)]
pub struct ReasonCode {
    /// Stored word, for ever.
    pub id: &'static str,
    /// The bureau's words.
    pub label: &'static str,
}

/// 办理期限: how long an act may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// As long as it takes.
    None,
    /// So many working days.
    WorkingDays(u32),
    /// So many days, one like another.
    Days(u32),
    /// As the list says for the item; what the list calls it.
    Listed(&'static str),
}

/// What somebody says with a move.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Stored words of the reasons chosen.
    pub codes: Vec<String>,
    /// In their own words.
    pub note: String,
}

/// What opens a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its id, see [`case_id`].
    pub id: CaseId,
    /// Whom it is about.
    pub person: PersonId,
    /// Item of the list, when it is about one.
    pub item: Option<String>,
    /// What else it is linked to; empty for nothing.
    pub about: String,
    /// Where the next act is owed.
    pub owner_area: AreaId,
    /// Until when.
    pub due_on: Option<Day>,
    /// What was said.
    pub note: String,
    /// Whose part opening is.
    pub hand: Option<Hand>,
}

/// Longest note, in characters: what a form's box holds, not a book.
const LONGEST_NOTE: usize = 1_000;

/// The id of a case. Derived, so that the same act sent twice is one case; `what` tells it from
/// others of the flow about the person (item, time).
pub fn case_id(flow: &str, person: PersonId, what: &str) -> CaseId {
    let mut hash = Sm3::new();
    for part in [b"case", flow.as_bytes(), person.get().as_bytes(), what.as_bytes()] {
        hash.update(part);
        hash.update([0]);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    CaseId::new(uuid::Builder::from_custom_bytes(half).into_uuid())
}

impl Flow {
    /// Where a case begins.
    ///
    /// # Panics
    /// When the table has no state, which [`Flow::check`] finds.
    pub fn first(&self) -> &'static StateDef {
        self.states.first().expect("a flow has states")
    }

    /// The state with this stored word.
    pub fn state(&self, id: &str) -> Option<&'static StateDef> {
        self.states.iter().find(|state| state.id == id)
    }

    /// The move with this stored word.
    pub fn move_by_id(&self, action: &str) -> Option<&'static MoveDef> {
        self.moves.iter().find(|it| it.id == action)
    }

    /// What somebody of this role can do with a case that stands there.
    pub fn may<'a>(
        &self,
        state: &'a str,
        role: Role,
    ) -> impl Iterator<Item = &'static MoveDef> + use<'a> {
        let moves: &'static [MoveDef] = self.moves;
        moves.iter().filter(move |it| it.from.contains(&state) && it.roles.contains(&role))
    }

    /// The move, if the graph has it there and the role may make it.
    pub fn step(&self, state: &str, action: &str, role: Role) -> Result<&'static MoveDef, Refusal> {
        let Some(it) = self.move_by_id(action) else {
            return Err(Refusal::new(
                format!("{}里没有这个办理动作。", self.chinese),
                "请回到办件页面，用页面上的按钮办理。",
            ));
        };
        if !it.from.contains(&state) {
            let stands = self.state(state).map_or(state, |state| state.chinese);
            return Err(Refusal::new(
                format!("这件事现在是“{stands}”，不能“{}”。", it.label),
                "请刷新页面，看看办到哪一步了。",
            ));
        }
        if !it.roles.contains(&role) {
            let who: Vec<&str> = it.roles.iter().map(|role| role.chinese()).collect();
            return Err(Refusal::new(
                format!("“{}”由{}办理，您是{}。", it.label, who.join("、"), role.chinese()),
                "请转给该岗位的人员办理。",
            ));
        }
        Ok(it)
    }

    /// A case as it begins.
    ///
    /// # Panics
    /// When the first state is an end, which [`Flow::check`] finds.
    pub fn opening(&self, it: Opening) -> CaseOpening {
        let first = self.first();
        CaseOpening {
            id: it.id,
            flow: self.id,
            person: it.person,
            item: it.item,
            about: it.about,
            state: first.id,
            owner_role: first.owner.expect("a case does not begin at its end"),
            owner_area: it.owner_area,
            due_on: it.due_on,
            note: it.note,
            hand: it.hand,
        }
    }

    /// A move of a case, with what is said. `next` is where and until when the next act is owed; it
    /// falls away when the case ends.
    ///
    /// # Panics
    /// When the move leads to no state of the flow, which [`Flow::check`] finds.
    pub fn take(
        &self,
        case: &Case,
        action: &str,
        role: Role,
        said: Said,
        next: (AreaId, Option<Day>),
    ) -> Result<CaseStep, Refusal> {
        let it = self.step(&case.state, action, role)?;
        let note = said.note.trim().to_owned();
        it.check(&said.codes, &note)?;
        let to = self.state(it.to).expect("every move leads to a state of its flow");
        Ok(CaseStep {
            case: case.id,
            seen: case.moves,
            action: it.id,
            to: to.id,
            reason_codes: said.codes,
            note,
            next: to.owner.map(|role| (role, next.0, next.1)),
            hand: it.hand,
        })
    }

    /// What is wrong with the table: a state that nobody reaches or leaves, a word that is not
    /// there, a move that nobody may make.
    pub fn check(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.states.first().is_none_or(|first| first.owner.is_none()) {
            return vec![format!("{}: it has no state to begin in", self.id)];
        }
        for (place, state) in self.states.iter().enumerate() {
            if self.states[..place].iter().any(|other| other.id == state.id) {
                faults.push(format!("{}: state {} is there twice", self.id, state.id));
            }
            let left = self.moves.iter().any(|it| it.from.contains(&state.id));
            if state.owner.is_some() != left {
                let how = if left { "has an end and a way out" } else { "has no way out" };
                faults.push(format!("{}: state {} {how}", self.id, state.id));
            }
        }
        for (place, it) in self.moves.iter().enumerate() {
            if self.moves[..place].iter().any(|other| other.id == it.id) {
                faults.push(format!("{}: move {} is there twice", self.id, it.id));
            }
            for state in it.from.iter().chain([&it.to]) {
                if self.state(state).is_none() {
                    faults.push(format!("{}: move {} names no state {state}", self.id, it.id));
                }
            }
            if it.roles.is_empty() || it.from.is_empty() {
                faults.push(format!("{}: move {} can never be made", self.id, it.id));
            }
        }
        faults.extend(self.unreached());
        faults
    }

    fn unreached(&self) -> Vec<String> {
        let mut reached = HashSet::from([self.first().id]);
        while let Some(it) = self.moves.iter().find(|it| {
            !reached.contains(it.to) && it.from.iter().any(|state| reached.contains(state))
        }) {
            reached.insert(it.to);
        }
        let missing = self.states.iter().filter(|state| !reached.contains(state.id));
        missing.map(|state| format!("{}: state {} is never reached", self.id, state.id)).collect()
    }
}

impl MoveDef {
    /// The words of a reason, as they stand on the form.
    pub fn code(&self, id: &str) -> Option<&'static str> {
        self.codes.iter().find(|code| code.id == id).map(|code| code.label)
    }

    fn check(&self, codes: &[String], note: &str) -> Result<(), Refusal> {
        let unknown = codes.iter().any(|code| self.code(code).is_none());
        if unknown || (codes.is_empty() && !self.codes.is_empty()) {
            return Err(Refusal::new(
                format!("“{}”要说明原因，还没有勾选。", self.label),
                "请在列出的原因里至少勾选一项。",
            ));
        }
        if self.needs_note && note.is_empty() {
            return Err(Refusal::new(
                format!("“{}”还没有写说明。", self.label),
                "请写一两句实际情况。",
            ));
        }
        if note.chars().count() > LONGEST_NOTE {
            return Err(Refusal::new(
                format!("说明太长，最多 {LONGEST_NOTE} 个字。"),
                "请只写要点，详细材料另附。",
            ));
        }
        Ok(())
    }
}
