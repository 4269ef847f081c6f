use alloc::{collections::BTreeMap, vec::Vec};

use auditmesh_types::{Attestation, Authority, MemberId, Origin};

use crate::{
    Error, Member, NoteLine, PolicyBuilder, SignedCheckpoint, Threshold, TrustPolicy, VerifierKey,
    membership_policy::GROUP,
};

/// Who the members of a federation are, and how many of them make a quorum.
///
/// It verifies one member's statement, joins a quorum of statements into a [`Certificate`](crate::Certificate), and
/// verifies a certificate from its bytes. Keys are expanded once, when they are enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    origin: Origin,
    members: BTreeMap<MemberId, Member>,
    quorum: usize,
    policy: TrustPolicy,
}

impl Membership {
    /// The most members.
    pub const MAX_MEMBERS: usize = 256;

    /// The federation that keeps the log `origin`; `quorum` of its `members` agree for all.
    ///
    /// # Errors
    /// [`Error::MisuseMemberCount`], [`Error::MisuseQuorum`], [`Error::MisuseReservedName`],
    /// [`Error::MisuseMemberTwice`], [`Error::MisuseKeyTwice`]; [`Error::MisuseKeyName`] when an operator key is not
    /// named as the log.
    pub fn new(origin: Origin, members: Vec<Member>, quorum: usize) -> Result<Self, Error> {
        let count = members.len();
        if count == 0 || count > Self::MAX_MEMBERS {
            return Err(Error::MisuseMemberCount { got: count, max: Self::MAX_MEMBERS });
        }
        if quorum == 0 || quorum > count {
            return Err(Error::MisuseQuorum { got: quorum, members: count });
        }
        let mut enrolled: BTreeMap<MemberId, Member> = BTreeMap::new();
        for member in members {
            check_member(&origin, &enrolled, &member)?;
            enrolled.insert(member.id().clone(), member);
        }
        let policy = build_policy(&enrolled, quorum)?;
        Ok(Self { origin, members: enrolled, quorum, policy })
    }

    /// The log.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The members, by name.
    #[must_use]
    pub fn members(&self) -> impl ExactSizeIterator<Item = &Member> {
        self.members.values()
    }

    /// The member of that name.
    #[must_use]
    pub fn member(&self, id: &MemberId) -> Option<&Member> {
        self.members.get(id)
    }

    /// How many members agree for all.
    #[must_use]
    pub const fn quorum(&self) -> usize {
        self.quorum
    }

    /// The same rule in the form that others read: a `log` line and a `witness` line for each member in the order of
    /// names, one group `members`, and the quorum.
    #[must_use]
    pub const fn policy(&self) -> &TrustPolicy {
        &self.policy
    }
}

fn check_member(
    origin: &Origin,
    enrolled: &BTreeMap<MemberId, Member>,
    member: &Member,
) -> Result<(), Error> {
    let id = member.id();
    if matches!(id.as_str(), "none" | GROUP) {
        return Err(Error::MisuseReservedName { member: id.clone() });
    }
    if enrolled.contains_key(id) {
        return Err(Error::MisuseMemberTwice { member: id.clone() });
    }
    let operator = member.operator();
    if operator.name() != origin.as_str() {
        return Err(Error::MisuseKeyName { got: operator.name().into(), want: origin.as_str().into() });
    }
    let clash =
        |mine: &VerifierKey, theirs: &VerifierKey| mine.key() == theirs.key() || mine.collides(theirs);
    let twice = enrolled.values().any(|other| {
        [member.operator(), member.cosigner()]
            .iter()
            .any(|mine| clash(mine, other.operator()) || clash(mine, other.cosigner()))
    });
    if twice || clash(operator, member.cosigner()) {
        return Err(Error::MisuseKeyTwice { member: id.clone() });
    }
    Ok(())
}

fn build_policy(members: &BTreeMap<MemberId, Member>, quorum: usize) -> Result<TrustPolicy, Error> {
    let mut builder = PolicyBuilder::new();
    for member in members.values() {
        builder.log(member.operator().clone(), None)?;
    }
    for member in members.values() {
        builder.witness(member.id().as_str(), member.cosigner().clone(), None)?;
    }
    let names: Vec<&str> = members.keys().map(MemberId::as_str).collect();
    builder.group(GROUP, Threshold::AtLeast(quorum), &names)?;
    builder.quorum(GROUP)?;
    builder.build()
}

/// A statement is valid when its note holds exactly the two lines of its member, both verify, and origin, head and time
/// are those claimed.
impl Authority<Attestation> for Membership {
    type Error = Error;

    fn check(&self, value: &Attestation) -> Result<(), Error> {
        self.lines(value).map(drop)
    }
}

impl Membership {
    /// Verifies a statement and gives its operator line and its cosigner line.
    ///
    /// # Errors
    /// [`Error::PeerUnknownMember`], [`Error::PeerOriginMismatch`], [`Error::PeerHeadMismatch`],
    /// [`Error::PeerLineUnknown`], [`Error::PeerLineRepeated`], [`Error::PeerLineMissing`],
    /// [`Error::PeerBadSignature`], [`Error::PeerTimeMismatch`], and what [`SignedCheckpoint::parse`] refuses.
    /// # Cost
    /// One Ed25519 and one ML-DSA-44 verification.
    fn lines(&self, statement: &Attestation) -> Result<[NoteLine; 2], Error> {
        let id = &statement.member;
        let member = self.members.get(id).ok_or_else(|| Error::PeerUnknownMember { member: id.clone() })?;
        let (signed, [operator, cosigner]) = self.read_lines(member, statement)?;
        verify(member, member.operator(), &signed, &operator)?;
        let time = verify(member, member.cosigner(), &signed, &cosigner)?;
        let (got, want) = (time.unwrap_or(0), statement.at.seconds());
        if got != want {
            return Err(Error::PeerTimeMismatch { member: id.clone(), got, want });
        }
        Ok([operator, cosigner])
    }

    /// The two lines of a statement, not yet verified.
    pub(crate) fn read_lines(
        &self,
        member: &Member,
        statement: &Attestation,
    ) -> Result<(SignedCheckpoint, [NoteLine; 2]), Error> {
        let id = member.id();
        let signed = SignedCheckpoint::parse(&statement.signed)?;
        let checkpoint = signed.checkpoint();
        if checkpoint.origin != self.origin {
            return Err(Error::PeerOriginMismatch {
                got: checkpoint.origin.as_str().into(),
                want: self.origin.as_str().into(),
            });
        }
        if checkpoint.head != statement.head {
            let (got, want) = (checkpoint.head, statement.head);
            return Err(Error::PeerHeadMismatch { member: id.clone(), got, want });
        }
        let owned = |line: &NoteLine| member.operator().owns(line) || member.cosigner().owns(line);
        if let Some(line) = signed.note().signatures().iter().find(|line| !owned(line)) {
            return Err(Error::PeerLineUnknown { member: id.clone(), name: line.name().into() });
        }
        let operator = only_line(member, member.operator(), &signed)?;
        let cosigner = only_line(member, member.cosigner(), &signed)?;
        Ok((signed, [operator, cosigner]))
    }
}

fn only_line(member: &Member, key: &VerifierKey, signed: &SignedCheckpoint) -> Result<NoteLine, Error> {
    let (scheme, member) = (key.key_type().scheme(), member.id().clone());
    let mut lines = signed.note().signatures().iter().filter(|line| key.owns(line));
    match (lines.next(), lines.next()) {
        (Some(line), None) => Ok(line.clone()),
        (None, _) => Err(Error::PeerLineMissing { scheme, member }),
        (Some(_), Some(_)) => Err(Error::PeerLineRepeated { scheme, member }),
    }
}

fn verify(
    member: &Member,
    key: &VerifierKey,
    signed: &SignedCheckpoint,
    line: &NoteLine,
) -> Result<Option<u64>, Error> {
    key.verify_line(signed.checkpoint(), line).map_err(|_| Error::PeerBadSignature {
        scheme: key.key_type().scheme(),
        signer: member.id().as_str().into(),
    })
}
