//! Cards of people who stand on record, also of those who were merged since.

use std::collections::HashMap;

use facts::people::{PersonCard, cards, kept};
use kernel::{PersonId, Trouble};
use sqlx::PgConnection;

/// The card of each of these people under the id that was asked for: of somebody who was merged,
/// the card of the one who was kept. Who is not in the scope is not there.
pub(crate) async fn whom(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<HashMap<PersonId, PersonCard>, Trouble> {
    let kept = kept(conn, people).await?;
    let ids: Vec<PersonId> = kept.values().copied().collect();
    let cards: HashMap<PersonId, PersonCard> =
        cards(conn, &ids).await?.into_iter().map(|card| (card.id, card)).collect();
    let of = |(asked, kept): (PersonId, PersonId)| Some((asked, cards.get(&kept)?.clone()));
    Ok(kept.into_iter().filter_map(of).collect())
}
