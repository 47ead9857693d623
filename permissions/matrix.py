"""Who may do what: the whole permission matrix, as three panels (docs/law.md section 4).

Cells: `own` my agency has a track or record in the case; `named` a running assignment of mine in the agency I act for;
`end` / `sender` / `receiver` my agency is that end of a handoff; `named_end` named at either end; `agency` within my
agency; `controller` any agency of the same controller; `all` everywhere; a dot means never.
"""

from hashlib import sha256

from permissions.grid import parse

TABLE = """
case actions            intake_worker caseworker police_liaison triage_decider quality_checker supervisor confidential_counsellor
open_case               agency        agency     agency         agency         .               agency     .
see_case                named         named      named          own            end             own        named
read_record             named         named      named          own            .               own        named
write_record            named         named      named          own            .               .          .
add_note                named         named      named          own            .               own        .
correct_note            named         named      named          own            .               .          .
reveal_source           .             named      .              own            .               .          .
reveal_bsn              .             named      .              own            .               .          .
assign                  .             .          .              own            .               own        .
search_own              agency        agency     agency         agency         .               agency     .
check_known             .             agency     agency         agency         .               .          .
answer_known_check      .             .          .              agency         .               agency     .
print_case              .             named      named          own            .               .          .
record_advice           agency        agency     .              .              .               .          .
submit                  named         named      named          own            .               .          .
discard                 named         named      named          own            .               .          .
take_up                 .             .          .              own            .               .          .
decline                 .             .          .              own            .               .          .
plan_visit              .             .          .              own            .               .          .
schedule_visit          .             .          named          own            .               .          .
record_attempt          .             .          named          own            .               .          .
record_visit            .             .          named          .              .               .          .
retarget                .             .          .              own            .               .          .
ask_youth_prosecutor    .             .          named          own            .               .          .
warn                    .             .          named          .              .               .          .
start_follow_up         .             .          named          .              .               .          .
record_review           .             named      named          .              .               .          .
escalate                .             .          named          own            .               own        .
resume_warning          .             .          .              own            .               .          .
close_unwarned          .             .          .              own            .               .          .
close_warning           .             .          .              own            .               .          .
close_escalated         .             .          .              own            .               .          .
reopen                  .             .          .              own            .               .          .
act_acutely             named         named      .              own            .               own        .
start_assessment        named         named      .              own            .               .          .
decline_report          .             .          .              own            .               .          .
drop_report             .             .          .              own            .               own        .
turn_into_advice        .             .          .              own            .               .          .
assess                  .             .          .              own            .               .          .
set_conditions          .             .          .              own            .               .          .
start_investigation     .             .          .              own            .               .          .
conclude                .             named      .              own            .               .          .
hand_over_safety        .             named      .              own            .               .          .
confirm_transfer        .             named      .              own            .               .          .
resume_safety           .             named      .              own            .               .          .
start_monitoring        .             named      .              own            .               .          .
record_monitoring       .             named      .              .              .               .          .
reassess                .             named      .              own            .               .          .
close_safety            .             .          .              own            .               .          .
offer_help              .             named      named          .              .               .          .
give_information        .             named      named          .              .               .          .
record_decline          .             named      named          .              .               .          .
record_consent          .             named      named          .              .               .          .
withdraw_consent        .             named      named          own            .               .          .
hand_over_help          .             named      named          .              .               .          .
confirm_help            .             named      named          .              .               .          .
begin_help              .             named      named          own            .               .          .
resume_help             .             named      named          .              .               .          .
end_help                .             named      named          own            .               .          .
identify_victim         .             named      named          own            .               .          .
open_help               .             named      named          own            .               .          .
assess_needs            .             named      named          own            .               .          .
prepare_handoff         .             named      named          own            .               .          .
check_handoff           .             .          .              sender         sender          sender     .
rework_handoff          .             named      named          sender         sender          .          .
send_handoff            .             named      named          sender         sender          .          .
withdraw_handoff        .             named      named          sender         .               sender     .
see_handoff             receiver      named_end  named_end      end            end             end        .
acknowledge_handoff     receiver      receiver   receiver       receiver       .               receiver   .
accept_handoff          .             receiver   receiver       receiver       .               .          .
refuse_handoff          .             .          .              receiver       .               receiver   .
return_handoff          .             named_end  named_end      receiver       .               .          .
start_work              .             named_end  named_end      receiver       .               .          .
approve                 .             named      named          own            own             own        .
ask_approval            .             named      named          own            .               own        .
pause_deadline          .             named      named          own            .               own        .
extend_deadline         .             named      named          own            .               own        .
acknowledge_escalation  .             named      named          own            .               own        .
declare_conflict        agency        agency     agency         agency         agency          agency     .
wall_person             .             .          .              .              .               own        .
lift_wall               .             .          .              .              .               own        .
ask_emergency           .             controller controller     .              .               .          .
end_emergency           .             named      named          .              .               own        .
review_emergency        .             .          .              .              .               own        .
see_case_log            .             .          .              .              .               own        .

oversight actions       supervisor privacy_officer records_manager auditor external_auditor report_viewer agency_admin platform_operator
see_access_log          .          agency          .               agency  named            .             .            .
review_emergency        own        .               .               agency  .                .             .            .
export_trail            .          .               .               agency  named            .             .            .
verify_trail            .          agency          .               agency  named            .             .            all
annotate_trail          .          agency          .               agency  named            .             .            .
sign_off_review         .          .               .               agency  named            .             .            .
draw_sample             .          .               .               agency  named            .             .            .
raise_finding           .          agency          .               agency  named            .             .            .
close_finding           .          .               .               agency  named            .             .            .
see_ledger              own        agency          .               agency  named            .             .            .
handle_rights_request   .          agency          .               .       .                .             .            .
release_rights_answer   .          agency          .               .       .                .             .            .
propose_disposal        .          .               agency          .       .                .             .            .
approve_disposal        agency     .               agency          .       .                .             .            .
set_legal_hold          .          agency          agency          .       .                .             .            .
see_statistics          agency     agency          .               agency  .                agency        .            .
explain_access          own        agency          .               agency  named            .             agency       .
manage_people           .          .               .               .       .                .             agency       .
manage_agreements       agency     .               .               .       .                .             agency       .
confirm_basis           .          agency          .               .       .                .             .            .
manage_calendar         agency     .               .               .       .                .             agency       .
manage_agencies         .          .               .               .       .                .             .            all
operate                 .          .               .               .       .                .             .            all

system actions          courier    scheduler  sealer     sign_in    visitor    migration
deliver_handoff         all        .          .          .          .          .
deliver_correction      all        .          .          .          .          .
expire_handoff          .          all        .          .          .          .
mark_overdue            .          all        .          .          .          .
escalate_deadline       .          all        .          .          .          .
notify                  all        .          .          .          .          .
find_due                .          all        .          .          .          .
reconcile_access        .          all        .          .          .          .
reconcile_rows          .          all        .          .          .          .
destroy_entries         .          all        .          .          .          .
remove_export           .          all        .          .          .          .
seal_trail              .          .          all        .          .          .
record_sign_in          .          .          .          all        all        .
switch_membership       .          .          .          all        .          .
choose_language         .          .          .          all        .          .
record_unknown_request  .          .          .          all        all        .
migrate                 .          .          .          .          .          all
"""

MATRIX = parse(TABLE)
POLICY_VERSION = sha256(TABLE.encode()).hexdigest()[:12]
"""Names this table on every entry of the trail: under which version of the law somebody acted."""
