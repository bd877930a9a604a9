//! Results as those who publish them lay them out: contests over their rows,
//! parties in brackets, two numbers in a cell, columns of candidates, headings in
//! other languages. What is read is what is printed, and nothing is accused.

use scrutineer::load;
use scrutineer::model::{Metric, Number, ResultRow, show};

use super::rules::Knowledge;

/// The results of a file, a line each: contest, unit, candidate, party, votes and
/// share, without those that it does not give.
fn results(name: &str, text: &str) -> Vec<String> {
    let knowledge = Knowledge::built_in();
    let dataset = load::load_texts(&[(name, text)], knowledge.words());
    let findings = knowledge.check(&dataset).findings;
    let messages: Vec<&String> = findings.iter().map(|f| &f.message).collect();
    assert!(messages.is_empty(), "{name}: {messages:?}");
    let relations = knowledge.relations(&dataset);
    relations.results.iter().map(line).collect()
}

fn line(row: &ResultRow) -> String {
    let shown = |n: &Number| show(&n.value, n.decimals.max(0)).replace(',', "");
    let figure = |metric| row.figures.get(&metric).map(|m| shown(&m.number));
    let name = |name: &Option<scrutineer::model::Name>| name.as_ref().map(|n| n.text.clone());
    let parts = [
        Some(row.scope.contest.clone()),
        row.scope.unit.clone(),
        name(&row.candidate),
        name(&row.party),
        figure(Metric::Votes),
        figure(Metric::Share),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect();
    parts.join(" | ")
}

#[test]
fn contests_over_their_rows() {
    let expected = [
        "Abbey | Susan Hartley | Labour Party | 1230",
        "Abbey | Mark Oduya | Conservative | 890",
        "Bridge | Tom Fell | Labour Party | 700",
        "Bridge | Una Grey | Conservative | 1300",
    ];
    let again = "Ashtown Council\n\nAbbey Ward,,,\nCandidate,Description,Votes,Elected\nSusan Hartley,Labour Party,1230,Elected\nMark Oduya,Conservative,890,\nTurnout,,50.5%,\n,,,\nBridge Ward,,,\nCandidate,Description,Votes,Elected\nTom Fell,Labour Party,700,\nUna Grey,Conservative,1300,Elected\nTurnout,,49.0%,\n";
    assert_eq!(results("a.csv", again), expected);
    let once = "Candidate,Party,Votes\nAbbey,,\nSusan Hartley (E),Labour Party,1230\nMark Oduya,Conservative,890\nTotal,,2120\nBridge,,\nTom Fell,Labour Party,700\nUna Grey (E),Conservative,1300\nTotal,,2000\n";
    assert_eq!(results("a.csv", once), expected);
}

#[test]
fn tables_of_a_page_about_one_contest() {
    let page = "<h1>Election results for Abbey</h1><table><caption>Abbey - results</caption><tr><th>Election Candidate</th><th>Party</th><th>Votes</th><th>%</th></tr><tr><td>Susan Hartley</td><td>Labour Party</td><td>1230</td><td>58%</td></tr><tr><td>Mark Oduya</td><td>Conservative</td><td>890</td><td>42%</td></tr></table><table><caption>Voting Summary</caption><tr><th>Details</th><th>Number</th></tr><tr><td>Total votes</td><td>2120</td></tr><tr><td>Electorate</td><td>5400</td></tr><tr><td>Number of ballot papers issued</td><td>2130</td></tr><tr><td>Ballot Papers Rejected</td><td>10</td></tr></table>";
    assert_eq!(
        results("a.html", page),
        [
            "Abbey | Susan Hartley | Labour Party | 1230 | 58",
            "Abbey | Mark Oduya | Conservative | 890 | 42",
        ]
    );
}

#[test]
fn more_than_a_number_or_a_name_in_a_cell() {
    let two = "Ward,Candidate,Votes (%)\nElm,Ann Lee (Labour),\"1,230 (61.5%)\"\nElm,Bo Hart (Conservative),770 (38.5%)\n";
    assert_eq!(
        results("a.csv", two),
        [
            "Elm | Ann Lee | Labour | 1230 | 61.5",
            "Elm | Bo Hart | Conservative | 770 | 38.5",
        ]
    );
    let marked = "Ward,Candidate,Number of Votes,% share\nElm,Ann Lee,\"1,230 votes\",61.5 (a)\nElm,Bo Hart,770 votes,38.5\n(a) After a recount.,,,\n";
    assert_eq!(
        results("a.csv", marked),
        ["Elm | Ann Lee | 1230 | 61.5", "Elm | Bo Hart | 770 | 38.5"]
    );
}

#[test]
fn columns_of_candidates_and_of_options() {
    let candidates = "Polling station,Ann Lee (Lab),Bo Hart (Con),Cy Moss (Xyz),Rejected,Total votes\nHall,120,80,,2,200\nSchool,200,150,-,5,350\nTotal,320,230,,7,550\n";
    assert_eq!(
        results("a.csv", candidates),
        [
            "Hall | Ann Lee | Lab | 120",
            "Hall | Bo Hart | Con | 80",
            "School | Ann Lee | Lab | 200",
            "School | Bo Hart | Con | 150",
            "Ann Lee | Lab | 320",
            "Bo Hart | Con | 230",
        ]
    );
    let contests = ",Mayor,,Clerk,\nPrecinct,Ann Lee (DEM),Bo Hart (REP),Cy Dunn (DEM),Di Ash (REP)\n001,150,140,160,130\n";
    assert_eq!(
        results("a.csv", contests),
        [
            "Mayor | 001 | Ann Lee | DEM | 150",
            "Mayor | 001 | Bo Hart | REP | 140",
            "Clerk | 001 | Cy Dunn | DEM | 160",
            "Clerk | 001 | Di Ash | REP | 130",
        ]
    );
    let options = "Area,Electorate,Votes_Cast,Valid_Votes,Remain,Leave,Rejected_Ballots,Pct_Remain,Pct_Leave\nLuton,127612,84616,84481,36708,47773,135,43.45,56.55\n";
    assert_eq!(
        results("a.csv", options),
        [
            "Luton | Remain | 36708 | 43.45",
            "Luton | Leave | 47773 | 56.55"
        ]
    );
    let counties = "COUNTY,Biden (D),Trump (R),TOTAL\nAdams,\"10,000\",\"8,000\",\"18,000\"\nBrown,\"4,000\",\"9,500\",\"13,500\"\nSTATE TOTALS,\"14,000\",\"17,500\",\"31,500\"\nPercent,44.4%,55.6%,\n";
    assert_eq!(
        results("a.csv", counties),
        [
            "Adams | Biden | D | 10000",
            "Adams | Trump | R | 8000",
            "Brown | Biden | D | 4000",
            "Brown | Trump | R | 9500",
            "Biden | D | 14000 | 44.4",
            "Trump | R | 17500 | 55.6",
        ]
    );
}

#[test]
fn headings_in_other_languages() {
    let german = "Wahlbezirk;Wahlberechtigte;Wähler;Ungültige Stimmen;Gültige Stimmen;CDU;SPD;GRÜNE\nBezirk 1;1.234;700;10;690;300;250;140\nBriefwahl 1;0;1.500;20;1.480;1.000;250;230\n";
    assert_eq!(
        results("a.csv", german),
        [
            "Bezirk 1 | CDU | 300",
            "Bezirk 1 | SPD | 250",
            "Bezirk 1 | GRÜNE | 140",
            "Briefwahl 1 | CDU | 1000",
            "Briefwahl 1 | SPD | 250",
            "Briefwahl 1 | GRÜNE | 230",
        ]
    );
    let french = "Libellé du département;Code de la circonscription;Inscrits;Votants;% Vot/Ins;Blancs;Nuls;Exprimés;Nom;Prénom;Nuance;Voix;% Voix/Ins;% Voix/Exp\nAin;1;1000;600;60,00;10;10;580;DUPONT;Jean;REN;300;30,00;51,72\nAin;1;1000;600;60,00;10;10;580;MARTIN;Anne;NUP;280;28,00;48,28\n";
    assert_eq!(
        results("a.csv", french),
        [
            "Ain 1 | Jean DUPONT | REN | 300 | 51.72",
            "Ain 1 | Anne MARTIN | NUP | 280 | 48.28",
        ]
    );
    let spanish = "Municipio;Mesa;Censo;Votantes;Votos nulos;Votos en blanco;Votos válidos;PP;PSOE;VOX;SUMAR\nArévalo;A;600;400;4;6;396;180;120;60;30\nArévalo;B;500;300;2;3;298;140;90;40;25\n";
    assert_eq!(results("a.csv", spanish).len(), 10);
    let italian = "\"Elezioni comunali 2021\";;;\nCandidato sindaco;Liste;Voti;%\nRossi Mario;PD;12.345;54,87\nBianchi Anna;FI;10.155;45,13\nTotale;;22.500;100,00\nVotanti;;23.000;\nSchede nulle;;300;\nSchede bianche;;200;\n";
    assert_eq!(
        results("a.csv", italian),
        [
            "Rossi Mario | PD | 12345 | 54.87",
            "Bianchi Anna | FI | 10155 | 45.13"
        ]
    );
}

#[test]
fn records_that_hold_records() {
    let records = r#"{"election": "2022 Mayoral election", "contests": [
        {"name": "Ashby", "electorate": 2000, "candidates": [
            {"name": {"first": "Ann", "last": "Lee"}, "party": {"name": "Red"}, "votes": 600, "pct": 60.0},
            {"name": {"first": "Bo", "last": "Hart"}, "party": {"name": "Blue"}, "votes": 400, "pct": 40.0}]},
        {"name": "Birch", "electorate": 3000, "candidates": [
            {"name": {"first": "Cy", "last": "Dunn"}, "party": {"name": "Red"}, "votes": 900, "pct": 90.0},
            {"name": {"first": "Di", "last": "Ash"}, "party": {"name": "Blue"}, "votes": 100, "pct": 10.0}]}
    ]}"#;
    assert_eq!(
        results("a.json", records),
        [
            "Ashby | Ann Lee | Red | 600 | 60.0",
            "Ashby | Bo Hart | Blue | 400 | 40.0",
            "Birch | Cy Dunn | Red | 900 | 90.0",
            "Birch | Di Ash | Blue | 100 | 10.0",
        ]
    );
    let elex = "statepostal,officename,reportingunitname,first,last,party,votecount,votepct,winner\nPA,President,Adams,Joe,Biden,Dem,18207,0.327,false\nPA,President,Adams,Donald,Trump,GOP,37523,0.673,true\n";
    assert_eq!(
        results("a.csv", elex),
        [
            "President | Adams | Joe Biden | Dem | 18207 | 32.7",
            "President | Adams | Donald Trump | GOP | 37523 | 67.3",
        ]
    );
}

#[test]
fn a_reference_of_another_layout_is_compared() {
    let wide =
        "Constituency,Valid votes,Con,Lab,LD\nAshby,1000,500,300,200\nBirch,900,400,300,200\n";
    let long = "Constituency,Candidate,Party,Votes\nAshby,Ann Lee,Conservative,500\nAshby,Bo Hart,Labour,300\nAshby,Cy Moss,Liberal Democrat,200\nBirch,Di Ash,Conservative,400\nBirch,Ed Dunn,Labour,310\nBirch,Flo Gray,Liberal Democrat,200\nCole,Gil Ford,Labour,12\n";
    let knowledge = Knowledge::built_in();
    let dataset =
        load::load_texts_against(&[("a.csv", wide)], &[("b.csv", long)], knowledge.words());
    let checked = knowledge.check(&dataset);
    let messages: Vec<&str> = checked
        .findings
        .iter()
        .map(|f| f.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "“Lab” of Ed Dunn, Birch is given as 300; b.csv has 310.",
            "The reference has the contest Cole, which is not here.",
        ]
    );
    let outcome = |rule: &str| checked.outcomes.iter().find(|o| o.rule == rule);
    assert_eq!(outcome("agrees-with-reference").map(|o| o.passed), Some(5));
}

/// What is found in a table, as messages, and the rules that are left undecided.
fn judged(name: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let knowledge = Knowledge::built_in();
    let dataset = load::load_texts(&[(name, text)], knowledge.words());
    let report = knowledge.check(&dataset);
    let messages = report.findings.into_iter().map(|f| f.message).collect();
    let undecided = report.outcomes.into_iter().filter(|r| r.unknown > 0);
    (messages, undecided.map(|r| r.rule).collect())
}

#[test]
fn a_part_that_is_held_back_leaves_its_sum_open() {
    let table = "Precinct,Con,Lab,LD,Total votes\nP1,100,200,*,310\nP2,110,210,<10,325\nP3,110,210,,340\nP4,110,210,20,340\n";
    let (found, undecided) = judged("a.csv", table);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(undecided, ["votes-add-up-to-the-total"]);
    // A sum that is too large already is wrong whatever is held back.
    let (found, _) = judged("a.csv", &table.replace("*,310", "*,290"));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn rows_are_told_apart_by_a_first_column_of_any_name() {
    let table = "Abschnitt,Wähler,Ungültige,Gültige,CDU,SPD\n001,300,10,290,150,140\n002,410,10,400,150,250\n003,500,20,480,240,240\n";
    let (found, _) = judged("b.csv", table);
    assert!(found.is_empty(), "{found:?}");
    let (found, _) = judged("b.csv", &table.replace("290,150,140", "290,150,149"));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn shares_of_all_ballots_are_no_wrong_shares() {
    let table = "constituency,candidate,votes,share\nA,Ann,3187,20.1\nA,Bo,5929,37.3\nA,Cy,6311,39.7\nA,Valid votes,15427,\nA,Rejected,462,\nA,Ballots cast,15889,\nB,Di,1000,50.0\nB,Ed,900,45.0\nB,Valid votes,1900,\nB,Rejected,100,\nB,Ballots cast,2000,\n";
    let (found, _) = judged("c.csv", table);
    assert!(found.is_empty(), "{found:?}");
    let (found, _) = judged("c.csv", &table.replace("45.0", "54.0"));
    assert!(!found.is_empty());
}

#[test]
fn the_ballots_of_one_party_bound_no_other() {
    let table = "county,precinct,office,district,party,candidate,votes\nA,P1,Ballots Cast,,DEM,,200\nA,P1,Ballots Cast,,REP,,310\nA,P1,Governor,,DEM,X,120\nA,P1,Governor,,DEM,Y,75\nA,P1,Governor,,REP,Z,210\n";
    let (found, _) = judged("20220607__xx__primary__precinct.csv", table);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_turnout_may_be_a_count() {
    let table = "Constituency,Electorate,Turnout,Con,Lab\nA,70000,45000,25000,20000\nB,70100,45500,25000,20500\n";
    let (found, _) = judged("d.csv", table);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn one_candidate_of_two_parties_has_the_votes_of_both() {
    let town = |n: u32| format!("Town {n},A{n},DEM,46{n},Y\nTown {n},B{n},REP,37{n},N\n");
    let towns: String = (0..25).map(town).collect();
    let mut table = format!("Contest,Candidate,Party,Votes,Winner\n{towns}");
    table += "Mayor,Ann Lee,DEM,380,Y\nMayor,Ann Lee,WOR,150,Y\nMayor,Bob Ray,REP,400,N\n";
    let (found, _) = judged("e.csv", &table);
    assert!(found.is_empty(), "{found:?}");
    let (found, _) = judged("e.csv", &table.replace("WOR,150", "WOR,15"));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn points_part_thousands_where_other_counts_show_it() {
    let table = "Municipio;Censo;Votantes;Votos nulos;Votos válidos;PP;PSOE\nAlcalá;12.345;9.000;100;8.900;4.000;4.900\nGetafe;20.000;15.000;150;14.850;6.000;8.850\n";
    let (found, _) = judged("f.csv", table);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn votes_of_each_candidate_by_mode_add_up() {
    let heads = [
        "Precinct,Registered Voters,Jane Smith (DEM),,,Robert Neill (REP),,\n,,Election Day,Absentee,Total,Election Day,Absentee,Total\n",
        "Precinct,Registered Voters,Jane Smith (DEM) Election Day,Jane Smith (DEM) Absentee,Jane Smith (DEM) Total,Robert Neill (REP) Election Day,Robert Neill (REP) Absentee,Robert Neill (REP) Total\n",
    ];
    let rows = "1-A,1204,210,45,255,198,30,228\n1-B,1010,180,40,220,201,28,229\nTOTAL,2214,390,85,475,399,58,457\n";
    for head in heads {
        let (found, _) = judged("g.csv", &format!("{head}{rows}"));
        assert!(found.is_empty(), "{found:?}");
        let (found, _) = judged(
            "g.csv",
            &format!("{head}{}", rows.replace(",220,", ",202,")),
        );
        assert_eq!(found.len(), 1, "{found:?}");
    }
}

#[test]
fn a_second_row_of_headings_may_stand_over_decimal_commas() {
    let table = "Wahlbezirk;CDU;;SPD;;Gültige\n;Stimmen;%;Stimmen;%;\n1;400;61,5;250;38,5;650\n2;300;50,7;292;49,3;592\n";
    assert!(judged("h.csv", table).0.is_empty());
    let (found, _) = judged("h.csv", &table.replace(";592", ";602"));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn rows_of_ballot_papers_are_nobodys_votes() {
    let table = "Ward,Candidate,Votes\nAbbey,Alice Green,812\nAbbey,Tom Black,700\nAbbey,Rejected ballot papers,12\nAbbey,Total ballot papers,1524\nAbbey,Electorate,5000\nAbbey,Turnout,30.48%\n";
    assert!(judged("i.csv", table).0.is_empty());
    let (found, _) = judged("i.csv", &table.replace("1524", "1542"));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_sum_of_some_booths_is_counted_once() {
    let table = "Polling place,\"SMITH, David (ALP)\",\"HIATT, Jane (LP)\",Formal,Informal,Total\nAmaroo,512,410,922,30,952\nBonython,300,280,580,20,600\nOrdinary votes total,812,690,1502,50,1552\nPostal votes,200,220,420,9,429\nTotal,1012,910,1922,59,1981\n";
    let (found, _) = judged("j.csv", table);
    assert!(found.is_empty(), "{found:?}");
    let (found, _) = judged("j.csv", &table.replace("200,220,420", "210,220,430"));
    assert!(!found.is_empty());
}

/// Nothing is found in a table, and something where one cell of it is wrong.
fn finds_one(name: &str, table: &str, right: &str, wrong: &str) {
    let (found, _) = judged(name, table);
    assert!(found.is_empty(), "{name}: {found:?}");
    let (found, _) = judged(name, &table.replace(right, wrong));
    assert!(!found.is_empty() && found.len() <= 2, "{name}: {found:?}");
}

#[test]
fn contests_stacked_in_one_file_have_headings_of_their_own() {
    finds_one(
        "canvass.csv",
        "Lake County Official Canvass\nGeneral Election November 5 2024\n\nPRESIDENT AND VICE PRESIDENT\n(Vote for 1)\nPrecinct,Registered Voters,Ann Lee (DEM),Bo Hart (REP),Write-In,Total Votes\n101 Ashby Hall,900,205,117,3,325\n102 Birch School,800,206,52,0,258\n103 Cole Library,1200,314,88,2,404\n104 Dale Fire House,650,189,54,4,247\nTotal,3550,914,311,9,1234\n\nSHERIFF\n(Vote for 1)\nPrecinct,Registered Voters,Cy Dunn (DEM),Di Ash (REP),Ed Fox (LIB),Write-In,Total Votes\n101 Ashby Hall,900,94,49,62,3,208\n102 Birch School,800,147,57,101,0,305\n103 Cole Library,1200,257,70,103,1,431\n104 Dale Fire House,650,120,120,114,0,354\nTotal,3550,618,296,380,4,1298\n\nCOUNTY COMMISSIONER DISTRICT 1\n(Vote for 1)\nPrecinct,Registered Voters,Flo Gray (REP),Write-In,Total Votes\n101 Ashby Hall,900,335,4,339\n102 Birch School,800,243,0,243\n103 Cole Library,1200,266,0,266\n104 Dale Fire House,650,325,1,326\nTotal,3550,1169,5,1174\n",
        ",800,147,57,1",
        ",800,157,57,1",
    );
    finds_one(
        "untitled.csv",
        "Precinct,Registered Voters,Ann Lee,Bo Hart,Write-In,Total Votes\n101 Ashby Hall,900,278,272,2,552\n102 Birch School,800,116,103,1,220\n103 Cole Library,1200,397,164,0,561\n104 Dale Fire House,650,187,116,4,307\nTotal,3550,978,655,7,1640\n\nPrecinct,Registered Voters,Cy Dunn,Di Ash,Write-In,Total Votes\n101 Ashby Hall,900,293,215,5,513\n102 Birch School,800,154,113,4,271\n103 Cole Library,1200,77,100,4,181\n104 Dale Fire House,650,147,82,2,231\nTotal,3550,671,510,15,1196\n",
        "l,900,293,215",
        "l,900,393,215",
    );
    finds_one(
        "wards.csv",
        "Ashby Borough Council election 2 May 2024\n\nAbbey Ward\nCandidate,Party,Votes,%\nSusan Hartley,Labour,1230,58.02\nMark Oduya,Conservative,890,41.98\nTurnout,,,50.5\nBridge Ward (2 seats)\nName of candidate,Description,Votes,Elected\nTom Fell,Labour,700,\nUna Grey,Conservative,1300,Elected\nVic Hall,Conservative,1250,Elected\nElectorate,,5000,\n",
        ",1230,58.02\nM",
        ",1230,68.02\nM",
    );
    finds_one(
        "questions.csv",
        "County Referendum Results\n\nQuestion 1 - School Bonds\nPrecinct,Yes,No,Total\n1,120,80,200\n2,200,150,350\nTotal,320,230,550\n\nQuestion 2 - Road Bonds\nPrecinct,Yes,No,Blank,Total\n1,100,90,10,200\n2,210,120,20,350\nTotal,310,210,30,550\n",
        "00\n2,210,120,2",
        "00\n2,201,120,2",
    );
    finds_one(
        "statement.csv",
        "STATISTICS\nPrecinct,Registered Voters - Total,Ballots Cast - Total,Voter Turnout - Total\n101,900,505,56.11%\n102,800,515,64.38%\nTotal,1700,1020,60.00%\n\nGOVERNOR\nVote For 1\nPrecinct,DEM Ann Lee,REP Bo Hart,Write-In Totals,Total Votes Cast,Overvotes,Undervotes,Contest Total\n101,300,200,1,501,0,4,505\n102,250,260,2,512,1,2,515\nTotal,550,460,3,1013,1,6,1020\n\nSHERIFF\nVote For 1\nPrecinct,DEM Cy Dunn,REP Di Ash,Total Votes Cast,Overvotes,Undervotes,Contest Total\n101,290,200,490,0,15,505\n102,240,270,510,1,4,515\nTotal,530,470,1000,1,19,1020\n",
        "240,270,510,1",
        "240,277,510,1",
    );
}

#[test]
fn a_group_of_columns_for_each_candidate_is_a_row() {
    finds_one(
        "groups.csv",
        "Constituency,Electorate,Valid votes,Candidate 1,Party 1,Votes 1,Candidate 2,Party 2,Votes 2,Candidate 3,Party 3,Votes 3\nAshby,60000,30000,Ann Lee,Labour,16000,Bo Hart,Conservative,10000,Cy Moss,Green,4000\nBirch,61000,31000,Di Ash,Conservative,17000,Ed Fox,Labour,14000,,,\nCole,59000,29000,Flo Gray,Labour,12000,Gil Ford,Conservative,9000,Hy Marsh,Green,8000\n",
        "ive,17000,Ed ",
        "ive,17900,Ed ",
    );
    finds_one(
        "france.csv",
        "Code du département;Libellé du département;Code de la commune;Libellé de la commune;Inscrits;Abstentions;% Abs/Ins;Votants;% Vot/Ins;Blancs;% Blancs/Ins;% Blancs/Vot;Nuls;% Nuls/Ins;% Nuls/Vot;Exprimés;% Exp/Ins;% Exp/Vot;N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Ins;% Voix/Exp\n01;Ain;001;L'Abergement-Clémenciat;645;142;22,02;503;77,98;10;1,55;1,99;5;0,78;0,99;488;75,66;97,02;1;M;DUPONT;Jean;195;30,23;39,96;2;F;MARTIN;Anne;146;22,64;29,92;3;M;LEFÈVRE;Paul;97;15,04;19,88;4;F;ROY;Marie;50;7,75;10,25\n01;Ain;002;L'Abergement-de-Varey;213;47;22,07;166;77,93;3;1,41;1,81;1;0,47;0,60;162;76,06;97,59;1;M;DUPONT;Jean;64;30,05;39,51;2;F;MARTIN;Anne;48;22,54;29,63;3;M;LEFÈVRE;Paul;32;15,02;19,75;4;F;ROY;Marie;18;8,45;11,11\n01;Ain;004;Ambérieu-en-Bugey;8765;1929;22,01;6836;77,99;136;1,55;1,99;68;0,78;0,99;6632;75,66;97,02;1;M;DUPONT;Jean;2652;30,26;39,99;2;F;MARTIN;Anne;1989;22,69;29,99;3;M;LEFÈVRE;Paul;1326;15,13;19,99;4;F;ROY;Marie;665;7,59;10,03\n01;Ain;005;Ambérieux-en-Dombes;1268;279;22,00;989;78,00;19;1,50;1,92;9;0,71;0,91;961;75,79;97,17;1;M;DUPONT;Jean;384;30,28;39,96;2;F;MARTIN;Anne;288;22,71;29,97;3;M;LEFÈVRE;Paul;192;15,14;19,98;4;F;ROY;Marie;97;7,65;10,09\n",
        "Marie;665;7,59",
        "Marie;705;7,59",
    );
}

#[test]
fn columns_of_precincts_and_rows_of_figures_are_turned() {
    finds_one(
        "a.csv",
        ",Ann Lee (Lab),Bo Hart (Con),Cy Moss (Green),Total\nVotes,1200,700,100,2000\n%,60.0,35.0,5.0,100.0\nElectorate,,,,5000\nTurnout %,,,,40.0\n",
        ",60.0,35.0,5.0",
        ",60.0,53.0,5.0",
    );
    finds_one(
        "b.csv",
        "Candidate,Precinct 1,Precinct 2,Precinct 3,Total\nAnn Lee (DEM),100,120,90,310\nBo Hart (REP),80,110,70,260\nWrite-In,1,0,2,3\nTotal Votes,181,230,162,573\nRegistered Voters,400,410,380,1190\n",
        "),80,110,70,26",
        "),80,101,70,26",
    );
    finds_one(
        "c.csv",
        "Ward,Abbey,Bridge,Castle\nElectorate,5000,5200,4800\nCon,700,900,500\nLab,1200,800,1100\nGreen,100,300,200\nValid votes,2000,2000,1800\nRejected,10,12,9\nTurnout,40.2%,38.7%,37.7%\n",
        "0,900,500\nLab",
        "0,900,600\nLab",
    );
    finds_one(
        "d.csv",
        "Party,Abbey,Bridge,Castle,Total\nCon,700,900,500,2100\nLab,1200,800,1100,3100\nGreen,100,300,200,600\nTotal,2000,2000,1800,5800\n",
        "1200,800,1100",
        "1200,880,1100",
    );
}

#[test]
fn preliminary_and_validated_results_are_of_two_stages() {
    let table = "Electoral district number - Numéro de la circonscription\tElectoral district name\tNom de la circonscription\tType of results*\tType de résultats**\tSurname - Nom de famille\tMiddle name(s) - Autre(s) prénom(s)\tGiven name - Prénom\tPolitical affiliation\tAppartenance politique\tVotes obtained - Votes obtenus\t% Votes obtained - Votes obtenus %\tRejected ballots - Bulletins rejetés***\tTotal number of ballots cast - Nombre total de votes déposés\n10001\tAvalon\tAvalon\tpreliminary\tpréliminaires\tLee\t\tAnn\tLiberal\tLibéral\t16000\t53.3\t0\t30000\n10001\tAvalon\tAvalon\tpreliminary\tpréliminaires\tHart\t\tBo\tConservative\tConservateur\t10000\t33.3\t0\t30000\n10001\tAvalon\tAvalon\tpreliminary\tpréliminaires\tMoss\t\tCy\tNDP\tNPD\t4000\t13.3\t0\t30000\n10001\tAvalon\tAvalon\tvalidated\tvalidés\tLee\t\tAnn\tLiberal\tLibéral\t16010\t53.3\t210\t30226\n10001\tAvalon\tAvalon\tvalidated\tvalidés\tHart\t\tBo\tConservative\tConservateur\t10005\t33.3\t210\t30226\n10001\tAvalon\tAvalon\tvalidated\tvalidés\tMoss\t\tCy\tNDP\tNPD\t4001\t13.3\t210\t30226\n*Type of results: preliminary results are those of the election night.\n**Type de résultats\n";
    finds_one("night.tsv", table, "\t10005\t33.3", "\t10050\t33.3");
}

#[test]
fn a_line_of_facts_over_a_table_names_no_contest() {
    let page = "<h2>Abbey</h2><h3>Electorate: 4,000, Turnout: 50.0%</h3><table><tr><th>Candidate</th><th>Votes</th></tr><tr><td>Ann Lee</td><td>1,200</td></tr><tr><td>Bo Hart</td><td>800</td></tr></table><h2>Bridge</h2><h3>Electorate: 5,000, Turnout: 40.0%</h3><table><tr><th>Candidate</th><th>Votes</th></tr><tr><td>Cy Dunn</td><td>900</td></tr><tr><td>Di Ash</td><td>1,100</td></tr></table>";
    let read = results("a.html", page);
    assert_eq!(
        read.first().map(String::as_str),
        Some("Abbey | Ann Lee | 1200")
    );
    assert_eq!(
        read.last().map(String::as_str),
        Some("Bridge | Di Ash | 1100")
    );
}

#[test]
fn polls_without_electors_are_parts_of_the_total() {
    let table = "Poll No.,Poll Name,Electors,Ann Lee (Liberal),Bo Hart (Conservative),Cy Moss (NDP),Rejected,Total votes\n1,Ashby Hall,400,100,80,20,1,201\n2,Birch School,500,120,90,30,2,242\n3,Cole Library,450,90,95,25,0,210\n600,Advance Poll,0,60,70,10,1,141\n601,Advance Poll,,50,40,10,0,100\nS/R 1,Special Voting Rules,,20,30,5,1,56\nTotal,,1350,440,405,100,5,950\n";
    finds_one("polls.csv", table, "Total,,1350,440", "Total,,1350,404");
}

/// What a table is told against another.
fn compared(own: &str, other: &str) -> Vec<String> {
    let knowledge = Knowledge::built_in();
    let dataset =
        load::load_texts_against(&[("a.csv", own)], &[("b.csv", other)], knowledge.words());
    let findings = knowledge.check(&dataset).findings;
    findings.into_iter().map(|f| f.message).collect()
}

#[test]
fn rows_by_mode_are_compared_with_columns_by_mode() {
    let rows = "precinct,candidate,mode,votes\nP1,Ann Lee,Election Day,100\nP1,Ann Lee,Absentee,20\nP1,Bo Hart,Election Day,80\nP1,Bo Hart,Absentee,15\nP2,Ann Lee,Election Day,90\nP2,Ann Lee,Absentee,10\nP2,Bo Hart,Election Day,70\nP2,Bo Hart,Absentee,12\n";
    let columns = "precinct,candidate,election_day,absentee,votes\nP1,Ann Lee,100,20,120\nP1,Bo Hart,80,15,95\nP2,Ann Lee,90,10,100\nP2,Bo Hart,71,12,83\n";
    let expected = "“votes” of Bo Hart, P2, election_day is given as 70; b.csv has 71.";
    assert_eq!(compared(rows, columns), [expected]);
    assert_eq!(compared(columns, rows).len(), 1);
}

#[test]
fn surnames_over_columns_are_those_of_full_names() {
    let columns = "Precinct,Lee,Hart,Moss,Total\nP1,100,80,20,200\nP2,90,70,30,190\n";
    let rows = "precinct,candidate,party,votes\nP1,Ann Lee,DEM,100\nP1,Bo Hart,REP,80\nP1,Cy Moss,IND,20\nP2,Ann Lee,DEM,90\nP2,Bo Hart,REP,71\nP2,Cy Moss,IND,30\n";
    let found = compared(columns, rows);
    let differs = "“Hart” of Bo Hart, P2 is given as 70; b.csv has 71.";
    assert!(found.iter().any(|f| f == differs), "{found:?}");
    let said = "Hart is called Bo Hart in the reference; the two are taken for one.";
    assert!(found.iter().any(|f| f == said), "{found:?}");
    assert_eq!(found.len(), 4, "{found:?}");
    // Of two with one surname none is meant.
    let two = rows.replace("Cy Moss", "Di Hart");
    let found = compared(&columns.replace("Moss", "Dunn"), &two);
    assert!(
        !found.iter().any(|f| f.starts_with("Hart is called")),
        "{found:?}"
    );
}

#[test]
fn more_publishers_lay_out_tables_of_their_own() {
    finds_one(
        "pages.csv",
        "\"LAKE COUNTY, OHIO\",\"\",\"\",\"\",\"\",\"\"\n\"OFFICIAL CANVASS - GENERAL ELECTION NOVEMBER 7, 2023\",\"\",\"\",\"\",\"\",\"\"\n\"Page 1 of 2\",\"\",\"\",\"\",\"\",\"\"\n\"PRECINCT\",\"REGISTERED VOTERS\",\"BALLOTS CAST\",\"TURNOUT (%)\",\"YES\",\"NO\"\n\"ASHBY 1-A\",\"1,204\",\"612\",\"50.83%\",\"310\",\"290\"\n\"ASHBY 1-B\",\"1,010\",\"498\",\"49.31%\",\"248\",\"240\"\n\"Page 2 of 2\",\"\",\"\",\"\",\"\",\"\"\n\"PRECINCT\",\"REGISTERED VOTERS\",\"BALLOTS CAST\",\"TURNOUT (%)\",\"YES\",\"NO\"\n\"BIRCH 2-A\",\"900\",\"450\",\"50.00%\",\"225\",\"210\"\n\"TOTALS\",\"3,114\",\"1,560\",\"50.10%\",\"783\",\"740\"\n",
        "1%\",\"248\",\"240",
        "1%\",\"284\",\"240",
    );
    finds_one(
        "venues.csv",
        "District of Ashby - First Preference Count,,,,,,\nVenue,LEE Ann (LAB),HART Bo (LIB),MOSS Cy (GRN),Formal,Informal,Total\nAshby Public School,500,400,100,1000,20,1020\nBirch Hall,300,350,50,700,10,710\nOrdinary Votes Total,800,750,150,1700,30,1730\nPostal,200,260,40,500,5,505\nDeclared Institution,20,25,5,50,1,51\nTotal Votes,1020,1035,195,2250,36,2286\n% of Formal,45.33%,46.00%,8.67%,,,\n",
        ",300,350,50,70",
        ",300,305,50,70",
    );
    finds_one(
        "clustered.csv",
        "Region,Province,Municipality,Barangay,Clustered Precinct ID,Position,Candidate Name,Party,Votes Obtained,Registered Voters,Voters Who Actually Voted\nIV-A,Laguna,Calamba,Bagong Kalsada,34020001,Mayor,LEE ANN,NP,300,800,620\nIV-A,Laguna,Calamba,Bagong Kalsada,34020001,Mayor,HART BO,PDP,290,800,620\nIV-A,Laguna,Calamba,Bagong Kalsada,34020002,Mayor,LEE ANN,NP,250,700,560\nIV-A,Laguna,Calamba,Bagong Kalsada,34020002,Mayor,HART BO,PDP,300,700,560\n",
        "O,PDP,300,700",
        "O,PDP,900,700",
    );
    finds_one(
        "clarity.csv",
        "Lake County\n2024 Primary\nPresident - Democratic (Vote For 1)\nPrecinct,Ann Lee,,,,Bo Hart,,,,Total\n,Election Day,Absentee,Early,Total Votes,Election Day,Absentee,Early,Total Votes,\nP1,50,10,5,65,40,8,2,50,115\nP2,45,9,6,60,41,7,2,50,110\nTotal:,95,19,11,125,81,15,4,100,225\nSheriff (Vote For 1)\nPrecinct,Cy Dunn,,,,Di Ash,,,,Total\n,Election Day,Absentee,Early,Total Votes,Election Day,Absentee,Early,Total Votes,\nP1,52,11,5,68,38,7,2,47,115\nP2,46,9,5,60,40,7,3,50,110\nTotal:,98,20,10,128,78,14,5,97,225\n",
        ",9,5,60,40,7,",
        ",9,5,66,40,7,",
    );
    finds_one(
        "gemeinde.csv",
        "Wahlbezirk;Wahlberechtigte;Wähler;Wahlbeteiligung;Ungültig;Gültig;Müller, Anna (SPD);%;Schmidt, Bernd (CDU);%\n001 Rathaus;1.234;700;56,7 %;10;690;400;58,0;290;42,0\n002 Schule;1.100;610;55,5 %;10;600;330;55,0;270;45,0\n",
        "330;55,0",
        "303;55,0",
    );
}
