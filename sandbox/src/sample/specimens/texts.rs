//! Subjects and descriptions.

use super::draft::Draft;
use super::{Case, case};
use crate::sample::cast::EMOJI;

/// A family is one letter to the reader, and eleven units to Salesforce.
const FAMILY: &str = "👩‍👩‍👧‍👦";

fn note(draft: Draft, body: &str) -> Draft {
    draft.body(body)
}

/// The minutes of a very long night: rows of a table, more than 32,000 characters of text.
fn long_log() -> String {
    let rows: String = (0..900)
        .map(|minute| {
            format!(
                "<tr><td>{:02}:{:02}</td><td>cold room {}</td><td>−{}.{} °C</td></tr>",
                minute / 60,
                minute % 60,
                minute % 7 + 1,
                18 + minute % 5,
                minute % 10
            )
        })
        .collect();
    let remark = "<p>Door 4 was open again; nobody signed for it.</p>".repeat(300);
    format!("<h2>Temperature log</h2><table>{rows}</table>{remark}")
}

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    case("F1", "call:70401", "the kind's template before the title",
        |draft| draft.title("Subject as usual")),
    case("F2", "task:70402", "no body: no Description",
        |draft| draft.title("Nothing to add").body("").due(3, 9, 0)),
    case("F11", "call:70403", "its key is hubspot:8821:call:70403",
        |draft| draft.title("Key witness")),
    case("F12", "call:70404", "no title: Call",
        |draft| draft.body("<p>He didn't say why.</p>")),
    case("F12", "meeting:70405", "no title: Meeting",
        |draft| draft.due(-1, 15, 0).status("COMPLETED")),
    case("F12", "sales_email_sent:70406", "no subject: Sent email",
        |draft| draft.body("<p>Forgot the subject, sorry!</p>")),
    case("F12", "sales_email_replied:70407", "no subject: Replied to email",
        |draft| draft.set("hs_email_text", "ok")),
    case("F12", "note:70408", "a note's subject is the first line of its body that isn't empty",
        |draft| { note(draft, "<p> </p><p><b>Budget approved</b></p><p>Half now, half in spring.</p>") }),
    case("F12", "note:70409", "an empty note: Note",
        |draft| { note(draft, "<p>&nbsp;</p><br>") }),
    case("F12", "call:70410", "a title that begins like the template isn't shortened",
        |draft| draft.title("Call: the plumber")),
    case("I2", "task:70411", "a title of white space only counts as none",
        |draft| draft.title(" \u{2003}\t ").due(3, 9, 0)),
    case("F13", "task:70412", "a subject of 300 characters: cut at 255",
        |draft| draft.title("Ask again about every single one of the following points ".repeat(6)).due(3, 9, 0)),
    case("F13", "task:70413", "a family of emoji where the subject is cut: dropped whole",
        |draft| draft.title(format!("{}{}", "x".repeat(250), FAMILY.repeat(3))).due(3, 9, 0)),
    case("F13", "task:70414", "a lone emoji of two units where one is left: dropped",
        |draft| draft.title(format!("{}🧊!", "y".repeat(253))).due(3, 9, 0)),
    case("F13", "task:70415", "exactly 255 units: not cut",
        |draft| draft.title(format!("{}🧊", "z".repeat(253))).due(3, 9, 0)),
    case("F13", "note:70416", "a body of more than 32,000 characters: cut",
        |draft| note(draft, &long_log())),
    case("F14", "sales_email_replied:70417", "a text body with CRLF and CR",
        |draft| draft.title("Re: line ends").set("hs_email_text", "First line\r\nsecond line\rthird line\r\n\r\n")),
    case("F14", "task:70418", "control characters, tabs and line ends in a subject",
        |draft| draft.title("Bell\u{7} rings\tat\r\nthe   door\u{0}").due(3, 9, 0)),
    case("F14", "call:70419", "white space around the title",
        |draft| draft.title("   Room to breathe \u{a0}")),
    case("F16", "sales_email_sent:70420", "scripts, styles and comments are dropped",
        |draft| draft.title("Newsletter").body("<html><head><style>p{color:red}</style><title>x</title></head><body><!-- tracking --><p>News of the cold.</p>\
             <script>document.write('<p>gotcha</p>')</script></body></html>")),
    case("F16", "note:70421", "a table: cells parted by tabs",
        |draft| { note(draft, "<p>Readings</p><table><tr><th>Room</th><th>°C</th></tr><tr><td>1</td><td>−18.2</td></tr><tr><td>2</td><td>+4.0</td></tr></table>") }),
    case("F16", "note:70422", "links: with their address, or without where it says nothing new",
        |draft| { note(draft, "<p><a href=\"https://www.hallasensor.example/t1\">data sheet</a>, <a href=\"mailto:aada@pohjolaice.example\">aada@pohjolaice.example</a>, \
             <a href=\"https://www.hallasensor.example/\">https://www.hallasensor.example</a>, <a href=\"#top\">up</a>, \
             <a href=\"javascript:void(0)\">click</a>, <a href=\"https://pay.hallasensor.example\"></a></p>") }),
    case("F16", "note:70423", "lists within lists",
        |draft| { note(draft, "<ul><li>Loggers<ol><li>T1</li><li>T2</li></ol></li><li>Gateways</li></ul><p>Done.</p>") }),
    case("F16", "note:70424", "a quotation, preformatted text, an image",
        |draft| { note(draft, "<blockquote>It was never this warm.</blockquote><pre>id   temp\n17   -2.5\n</pre><img src=\"chart.png\" alt=\"Chart of June\">") }),
    case("F16", "call:70425", "references, each decoded once",
        |draft| draft.title("Fish & Chips").body("<p>5&nbsp;&lt;&nbsp;7 &amp;amp; 3 &#x1F9CA; &copy;</p>")),
    case("F16", "note:70426", "HTML that is broken",
        |draft| { note(draft, "<p>Open <b>bold <i>both</b> neither</p></div><td>stray < 5 & more<p") }),
    case("F16", "note:70427", "many empty paragraphs: one blank line at most",
        |draft| { note(draft, "<p>Top</p><p></p><p></p><p>&nbsp;</p><br><br><p>Bottom</p>") }),
    case("F12", "meeting:70428", "a title in several scripts, right to left too",
        |draft| draft.title("עדכון رحلة 冷链 ❄️ café").with(&[EMOJI]).due(-2, 10, 0).status("COMPLETED")),
];
