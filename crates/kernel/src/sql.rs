//! Days, money and ids as PostgreSQL values.

use jiff::civil::date;
use jiff::civil::{DateTime, Time};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};

use crate::{
    AccountId, AreaId, AssertionId, BatchId, CaseId, Day, DutyId, Fen, LedgerAccountId, Month, Now,
    PersonId, RunId, SessionId, TransferId,
};

macro_rules! through {
    ($($name:ident => $inner:ty, $into:expr, $from:expr;)*) => {$(
        impl Type<Postgres> for $name {
            fn type_info() -> PgTypeInfo {
                <$inner as Type<Postgres>>::type_info()
            }
            fn compatible(ty: &PgTypeInfo) -> bool {
                <$inner as Type<Postgres>>::compatible(ty)
            }
        }
        impl PgHasArrayType for $name {
            fn array_type_info() -> PgTypeInfo {
                <$inner as PgHasArrayType>::array_type_info()
            }
        }
        impl Encode<'_, Postgres> for $name {
            fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let inner: $inner = $into(*self);
                <$inner as Encode<Postgres>>::encode(inner, buffer)
            }
        }
        impl<'r> Decode<'r, Postgres> for $name {
            fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
                Ok($from(<$inner as Decode<Postgres>>::decode(value)?))
            }
        }
    )*};
}

through! {
    PersonId => uuid::Uuid, PersonId::get, PersonId::new;
    DutyId => uuid::Uuid, DutyId::get, DutyId::new;
    CaseId => uuid::Uuid, CaseId::get, CaseId::new;
    TransferId => uuid::Uuid, TransferId::get, TransferId::new;
    AreaId => i64, AreaId::get, AreaId::new;
    AssertionId => i64, AssertionId::get, AssertionId::new;
    BatchId => i64, BatchId::get, BatchId::new;
    AccountId => i64, AccountId::get, AccountId::new;
    SessionId => i64, SessionId::get, SessionId::new;
    LedgerAccountId => i64, LedgerAccountId::get, LedgerAccountId::new;
    RunId => i64, RunId::get, RunId::new;
    Fen => i64, Fen::get, Fen::new;
}

const EPOCH: jiff::civil::Date = date(2000, 1, 1);

impl Type<Postgres> for Day {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("date")
    }
}

impl PgHasArrayType for Day {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("_date")
    }
}

impl Encode<'_, Postgres> for Day {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let days = i32::try_from(self.days_since(Self::from_civil(EPOCH)))?;
        <i32 as Encode<Postgres>>::encode(days, buffer)
    }
}

impl<'r> Decode<'r, Postgres> for Day {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        match value.format() {
            sqlx::postgres::PgValueFormat::Binary => {
                let days = <i32 as Decode<Postgres>>::decode(value)?;
                Ok(Self::from_civil(EPOCH).plus_days(i64::from(days)))
            }
            sqlx::postgres::PgValueFormat::Text => Ok(value.as_str()?.parse()?),
        }
    }
}

/// A month is stored as its first day.
impl Type<Postgres> for Month {
    fn type_info() -> PgTypeInfo {
        Day::type_info()
    }
}

impl Encode<'_, Postgres> for Month {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.first().encode_by_ref(buffer)
    }
}

impl<'r> Decode<'r, Postgres> for Month {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Day::decode(value)?.month())
    }
}

/// An instant is stored as the region's civil time, without a zone.
impl Type<Postgres> for Now {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("timestamp")
    }
}

impl Encode<'_, Postgres> for Now {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let since = self.civil().duration_since(EPOCH.to_datetime(Time::midnight()));
        <i64 as Encode<Postgres>>::encode(i64::try_from(since.as_micros())?, buffer)
    }
}

impl<'r> Decode<'r, Postgres> for Now {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let at: DateTime = match value.format() {
            sqlx::postgres::PgValueFormat::Binary => {
                let micros = <i64 as Decode<Postgres>>::decode(value)?;
                EPOCH
                    .to_datetime(Time::midnight())
                    .checked_add(jiff::SignedDuration::from_micros(micros))?
            }
            sqlx::postgres::PgValueFormat::Text => value.as_str()?.replace(' ', "T").parse()?,
        };
        Ok(Self::from_civil(at))
    }
}
