//! Line formats of one's own.

use crate::{desk::Desk, verified::proved};

const LINE: &str = r#"{"ts":"2024-03-01T10:00:00Z","ref":"r-1","what":"door opened","badge":7}"#;
const FORMAT: &str = r#"[{"name":"doors","recognised_by":["badge","what"],"id":[["ref"]],"kind":[["what"]],
    "time":[{"field":"ts","form":"rfc3339"}]}]"#;

fn desk(mapping: &str) -> Desk {
    let desk = Desk::new();
    desk.write("doors.jsonl", format!("{LINE}\n"));
    desk.write("mapping.json", mapping);
    desk
}

#[test]
fn a_format_says_which_fields_are_id_time_and_kind() {
    let desk = desk(FORMAT);
    let args = "--events doors.jsonl --mapping mapping.json --out log --prove 0";
    desk.agreed(args);
    let lines = proved(&desk, 0);
    let entry = "entry     door_opened from EU-1 in EU, number 1, at 2024-03-01T10:00:00Z, id r-1";
    assert!(lines.iter().any(|line| line == entry), "{lines:#?}");
}

#[test]
fn without_it_the_line_has_no_shape() {
    let desk = desk(FORMAT);
    desk.agreed("--events doors.jsonl --out log --prove 0");
    let lines = proved(&desk, 0);
    let start = "entry     event from EU-1 in EU, number 1, at 1970-01-01T00:00:00Z, id h-";
    assert!(lines.iter().any(|line| line.starts_with(start)), "{lines:#?}");
}

#[test]
fn formats_that_cannot_be() {
    let cases = [
        (r#"{"name":"doors"}"#, "invalid type: map"),
        (r#"[{"name":"doors"}]"#, "missing field `recognised_by`"),
        (r#"[{"name":"doors","recognised_by":["a"],"colour":"red"}]"#, "unknown field `colour`"),
        (r#"[{"name":"doors","recognised_by":[]}]"#, "names no field to recognise it by"),
        (r#"[{"name":"zeek","recognised_by":["a"]}]"#, "has a format named \"zeek\" already"),
        ("", "EOF while parsing"),
    ];
    for (mapping, why) in cases {
        let said = desk(mapping).refused("--events doors.jsonl --mapping mapping.json --out log");
        assert!(said.starts_with("round: --mapping mapping.json: "), "{said}");
        assert!(said.contains(why) && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn a_mapping_needs_events_and_a_file() {
    let said = desk(FORMAT).refused("--mapping mapping.json");
    assert!(
        said.starts_with(
            "error: the following required arguments were not provided:\n  --events <FILE>...\n"
        ),
        "{said}"
    );
    let said = desk(FORMAT).refused("--events doors.jsonl --mapping none.json --out log");
    assert!(said.starts_with("round: --mapping none.json: ") && said.lines().count() == 1, "{said}");
}
