//! What people write. Words in braces stand for what is known of the occasion.

pub(super) const PRODUCTS: [&str; 10] = [
    "Halla T1 logger",
    "Halla T2 Bluetooth tag",
    "Halla Gate",
    "Halla Reefer",
    "Halla Vial",
    "Halla Door",
    "Halla Cloud",
    "Halla Cryo −80 °C probe",
    "Halla Mini (single use)",
    "Halla API",
];

pub(super) const CALLS: [&str; 18] = [
    "Intro call with {company}",
    "Quote follow-up: {n} × {product}",
    "{first}: calibration certificates",
    "Alarm thresholds for {city}",
    "Renewal of Halla Cloud",
    "Pilot results {company}",
    "Call with {first} {last}",
    "Missed delivery – {product}",
    "Pricing question",
    "Gateway offline in {city}",
    "Check-in before the audit",
    "Customs papers for {n} loggers",
    "Re: RMA {n}",
    "Installation date",
    "Discovery call ❄️",
    "Reference customer?",
    "Payment terms",
    "Onboarding, second session",
];

pub(super) const CALL_BODIES: [&str; 12] = [
    "<p>{first} has read the offer and wants <b>{n} units</b> of {product}. Needs a PO number from procurement first.</p>",
    "Talked about temperature excursions during unloading in {city}. They lose about 2&nbsp;% of shipments.",
    "<p>Questions asked:</p><ul><li>Battery life of {product}?</li><li>Calibration interval?</li><li>Does it work below −30&nbsp;°C?</li></ul>",
    "<div>Quick one. {first} confirms the installation for {day}.</div>",
    "<p>They compare us with a cheaper logger. Argument that worked: <i>no reader needed</i>, data is in the cloud at once.</p>",
    "<p>Next step: send the <a href=\"https://www.hallasensor.example/datasheets\">data sheets</a> and the GDP checklist.</p>",
    "<p>Price is fine, lead time is not. Needs {n} pieces before {day}.</p>",
    "<p>Not the right person any more; {first} has moved to another plant &amp; will pass us on.</p>",
    "<p>👍 Happy customer. Would speak at our webinar.</p>",
    "<p>Gateway rebooted while on the phone, data is coming in again.<br>Root cause: firewall rule.</p>",
    "",
    "<p>Budget is there in Q{quarter}, decision by {day}.</p><p>Competitor: none named.</p>",
];

/// Nobody was reached.
pub(super) const MISSED_CALL_BODIES: [&str; 7] = [
    "",
    "",
    "<p>Left a message, will try again on {day}.</p>",
    "<p>Number is out of service; {colleague} looks for another.</p>",
    "<p>Engaged. Third time this week.</p>",
    "Reception says {first} is travelling until {day}.",
    "<p>Went to voicemail &ndash; sent an e-mail instead.</p>",
];

pub(super) const NOTES: [&str; 16] = [
    "<p>Org chart: {first} reports to the plant manager, who signs everything above 20 k€.</p>",
    "<p><b>Technical requirements</b></p><ul><li>{n} measuring points</li><li>−25 to +8 °C</li><li>alarms by SMS</li></ul>",
    "<p>Met {first} at the trade fair in {city}. Interested in {product}.</p>",
    "<p>Contract: notice period three months, renews in Q{quarter}.</p>",
    "Warehouse visit in {city}: two cold rooms, one freezer, old paper chart recorders. Photos are on the drive.",
    "<p>Internal: don't discount {product} below list for {company} again.</p>",
    "<p>Validation protocol signed. IQ/OQ done, PQ on {day}.</p>",
    "<div>Handover from {colleague}:</div><div>everything about the {city} site goes through {first}.</div>",
    "<p>Ticket history shows 3 dead batteries in {n} units. Replace the lot?</p>",
    "<h3>Meeting notes</h3><ol><li>Pilot extended</li><li>API access for {first}</li><li>Price review on {day}</li></ol>",
    "<p>{first} prefers e-mail; please don't call before 10.</p>",
    "<p>Lost to &quot;do nothing&quot;. Ask again next summer 🌞</p>",
    "<p>Auditor asked for the calibration chain of the {product}; sent.</p>",
    "<table><tr><th>Site</th><th>Loggers</th></tr><tr><td>{city}</td><td>{n}</td></tr></table>",
    "<p>Credit check: OK up to {n} 000 €.</p>",
    "<p>Spoke with the forwarder. The excursion was at the border, not in our customer's truck.</p>",
];

pub(super) const MEETINGS: [&str; 15] = [
    "Demo of {product}",
    "{company} × Hallasensor: kick-off",
    "Site survey {city}",
    "Quarterly business review Q{quarter}",
    "Pilot wrap-up",
    "Technical deep dive: Halla API",
    "Contract negotiation",
    "Lunch with {first}",
    "Training for the night shift",
    "Audit preparation",
    "Roadmap session",
    "Intro: {first} & {colleague}",
    "Calibration workshop",
    "Go-live {city} 🚀",
    "Incident review",
];

pub(super) const MEETING_BODIES: [&str; 8] = [
    "<p>Agenda</p><ol><li>Where we are</li><li>{product}</li><li>Next steps</li></ol>",
    "<p>Hi {first},</p><p>looking forward to it.</p><p>Join: <a href=\"https://meet.hallasensor.example/{n}\">https://meet.hallasensor.example/{n}</a></p>",
    "<p>Please have the floor plan of {city} at hand.</p>",
    "<p>Numbers: {n} loggers in use, 4 excursions, 0 lost shipments.</p>",
    "",
    "<p>{first} brings the IT colleague. We bring a gateway and {n} tags to try.</p>",
    "<div>Meeting room <b>Pakkanen</b>, second floor. Coffee is there.</div>",
    "<p>Moved twice already – please confirm.</p>",
];

pub(super) const TASKS: [&str; 18] = [
    "Send quote for {n} × {product}",
    "Follow up with {first} {last}",
    "Prepare demo kit for {city}",
    "Ask {first} for the PO number",
    "Renew Halla Cloud for {company}",
    "Book calibration slot",
    "Check stock of {product}",
    "Call back before {day}",
    "Update forecast: {company}",
    "Send certificates to the auditor",
    "Write case study {company}",
    "LinkedIn: connect with {first}",
    "Clarify delivery terms (DAP/EXW)",
    "Collect feedback on the pilot",
    "Order replacement batteries 🔋",
    "Invite {first} to the webinar",
    "Chase invoice {n}",
    "Draft the GDP checklist",
];

pub(super) const TASK_BODIES: [&str; 8] = [
    "",
    "<p>Last contact was before {day}.</p>",
    "<p>Use the template from the drive; {n} units, 30 days net.</p>",
    "<ul><li>certificate</li><li>data sheet</li><li>offer</li></ul>",
    "<p>{first} asked for it on the phone.</p>",
    "<p>Copy {colleague}.</p>",
    "",
    "<p>Careful: they had an excursion in {city} last month.</p>",
];

pub(super) const EMAILS: [&str; 18] = [
    "Your offer for {n} × {product}",
    "Calibration certificates",
    "Following up on our call",
    "Hallasensor × {company}",
    "Agenda for {day}",
    "Question about {product}",
    "Delivery to {city}",
    "Invoice {n}",
    "Trial access to Halla Cloud",
    "Re: alarm thresholds",
    "Re: Re: pilot in {city}",
    "Data sheet {product}",
    "Thank you for the visit!",
    "Price list Q{quarter}",
    "GDP audit: documents",
    "Excursion report, please read",
    "Fwd: customs",
    "Introducing {colleague}",
];

pub(super) const EMAIL_BODIES: [&str; 10] = [
    "<p>Dear {first},</p><p>please find our offer for <strong>{n}</strong> units attached. It is valid until {day}.</p><p>Best regards<br>{colleague}</p>",
    "<div dir=\"ltr\">Hi {first},<br><br>any news from procurement?<br><br>{colleague}<br>Hallasensor Oy</div>",
    "<p>Hello,</p><p>the certificates are here: <a href=\"https://files.hallasensor.example/c/{n}\">certificates.zip</a></p><p>{colleague}</p>",
    "<p>{first}, thanks for your time today.</p><ul><li>We send the kit on {day}.</li><li>You name the contact in {city}.</li></ul><p>/{colleague}</p>",
    "<html><head><style>p{margin:0}</style></head><body><p>Hei {first}!</p><p>Onnistuisiko {day}?</p><p>T. {colleague}</p></body></html>",
    "<p>Hi!</p><p>{product} comes with a two-year battery. The <a href=\"https://www.hallasensor.example/battery\">table</a> shows it by temperature:</p><table><tr><td>+5 °C</td><td>26 months</td></tr><tr><td>−25 °C</td><td>19 months</td></tr></table>",
    "<p>Dear {first},</p><p>I am your new contact at Hallasensor. May I call you on {day}?</p><p>Kind regards,<br/>{colleague}</p><img src=\"https://www.hallasensor.example/logo.png\" alt=\"Hallasensor\">",
    "<p>Short reminder 🙂</p><blockquote>We need {n} loggers before the season.</blockquote><p>Does that still hold?</p>",
    "<p>Good morning {first},</p><p>the gateway in {city} has been offline since midnight. Could somebody look at its power supply?</p>",
    "<p>Hi {first}, price list as promised. Net prices, EXW Oulu.</p>",
];

pub(super) const REPLIES: [&str; 9] = [
    "Thanks, I'll get back to you by {day}.\n\n{first}",
    "Hello {colleague},\r\n\r\nplease send {n} units to {city}, same terms.\r\n\r\nBest\r\n{first} {last}\r\n{company}",
    "Could you call me? Mobile is best.\n{first}",
    "We have decided to wait until next quarter. Sorry!",
    "The certificates open fine, thank you.\n\n> please find them attached\n",
    "I am out of the office until {day}. In urgent cases please write to our shared mailbox.",
    "OK from our side 👍\n\nSent from my phone",
    "Which firmware do I need for {product}?\n\n-- \n{first} {last}\n{company}, {city}",
    "Please remove the second line of the offer, we only need the tags.",
];

pub(super) const FINNISH: [&str; 5] = [
    "Tarjous: {n} kpl, {product}",
    "Soita {first}lle ennen auditointia",
    "Käyttöönotto – {city}",
    "Kylmäketjun mittauspisteet",
    "Jälkimarkkinointi {company}",
];
pub(super) const JAPANESE: [&str; 5] = [
    "{product} のお見積り({n}台)",
    "{company} 様:導入のご相談",
    "校正証明書について",
    "冷蔵倉庫の温度監視({city})",
    "次回打ち合わせの日程",
];
pub(super) const GERMAN: [&str; 4] = [
    "Angebot über {n} × {product}",
    "Rückruf wegen Kühlkette {city}",
    "Prüfung nach GDP – Unterlagen",
    "Rahmenvertrag {company}",
];
pub(super) const FRENCH: [&str; 3] = [
    "Devis : {n} × {product}",
    "Relance « chaîne du froid » – {city}",
    "Réunion avec {first} à la fromagerie",
];
