//! Who is assigned.

use super::{Case, case};
use crate::sample::cast::*;
use crate::sample::company::*;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    case("O1", "task:70201", "its own owner is a user of Salesforce",
        |draft| draft.title("Order samples").owner(SARAH).status("NOT_STARTED").due(3, 9, 0)),
    case("O2", "meeting:70202", "meetings have no owner of their own that counts: the contact's owner is assigned",
        |draft| draft.title("Handover to Aino").owner(SARAH).due(-1, 10, 0).status("COMPLETED")),
    case("O2", "sales_email_sent:70203", "emails have none either",
        |draft| draft.title("Hello from New York").body("<p>Hi!</p>").owner(SARAH)),
    case("O2", "call:70204", "it has no owner: the contact's owner is assigned",
        |draft| draft.title("Logged by the dialler").owner(None)),
    case("O2", "note:70205", "its owner isn't in Salesforce: the contact's owner is assigned",
        |draft| draft.body("<p>Contractor's notes.</p>").owner(FREYA)),
    case("O3", "call:70206", "neither it nor its contact has an owner: the integration user is assigned",
        |draft| draft.title("Nobody's call").owner(None).with(&[NO_OWNER])),
    case("O3", "task:70207", "neither its owner nor its contact's is in Salesforce: the integration user",
        |draft| draft.title("Contractor's task").owner(FREYA).with(&[UNMAPPED]).due(4, 9, 0)),
    case("O4", "call:70208", "its owner's email address has capitals in HubSpot and none in Salesforce",
        |draft| draft.title("Capital call").owner(MIKAEL)),
    case("O4", "call:70209", "the settings assign its owner's work to the sales desk",
        |draft| draft.title("For the desk").owner(NOOR)),
    case("O4", "call:70210", "the settings name a user for its owner who is inactive: the contact's owner",
        |draft| draft.title("Oskar's last call").owner(OSKAR)),
    case("O4", "call:70211", "the settings name a user for its owner whom Salesforce doesn't have, which decides although there is one with his email address",
        |draft| draft.title("Typing error").owner(TOMASZ)),
    case("O5", "task:70212", "two users have its owner's email address: nobody can tell which",
        |draft| draft.title("Which Lukas?").owner(LUKAS).status("WAITING").due(8, 9, 0)),
    case("O5", "task:70213", "three users have its owner's email address, and one has it as username",
        |draft| draft.title("This Elena").owner(ELENA).status("WAITING").due(9, 9, 0)),
    case("O6", "note:70214", "its owner is archived in HubSpot, and still active in Salesforce",
        |draft| draft.body("<p>Petteri's handover.</p>").owner(PETTERI)),
    case("O7", "call:70215", "its owner is inactive in Salesforce",
        |draft| draft.title("Joan's call").owner(JOAN)),
    case("O7", "task:70216", "its owner is a queue, which has no email address",
        |draft| draft.title("Somebody please call back").owner(QUEUE).status("NOT_STARTED").due(1, 9, 0)),
    case("O7", "note:70217", "HubSpot itself no longer knows its owner",
        |draft| draft.body("<p>From before the merger.</p>").owner(FORGOTTEN)),
    case("O7", "call:70218", "all three steps: its owner is unknown there, its contact's is there twice",
        |draft| draft.title("Down the ladder").owner(FREYA).with(&[AMBIGUOUS])),
];
