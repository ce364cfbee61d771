//! The items of the STROBE and RECORD checklists, shortened from their published wording, each with
//! where a report of this program may answer it and which statement of the authors can.
//!
//! STROBE: von Elm et al., PLoS Med 2007;4:e296 (wording for cross-sectional studies where designs
//! differ). RECORD: Benchimol et al., PLoS Med 2015;12:e1001885. Knows anchors by name, not whether a
//! report has them.

/// An item of a checklist.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// `STROBE` or `RECORD`.
    pub(super) checklist: &'static str,
    /// Number as published.
    pub(super) number: &'static str,
    /// Section of a paper.
    pub(super) section: &'static str,
    /// What is asked.
    pub(super) asks: &'static str,
    /// Ids in the page that answer it, those first that answer best.
    pub(super) anchors: &'static [&'static str],
    /// Files of the folder that answer it.
    pub(super) files: &'static [&'static str],
    /// The authors' statement that answers it; empty for none.
    pub(super) statement: &'static str,
}

const fn strobe(
    number: &'static str,
    section: &'static str,
    asks: &'static str,
    anchors: &'static [&'static str],
    files: &'static [&'static str],
    statement: &'static str,
) -> Item {
    Item { checklist: "STROBE", number, section, asks, anchors, files, statement }
}

const fn record(
    number: &'static str,
    section: &'static str,
    asks: &'static str,
    anchors: &'static [&'static str],
    files: &'static [&'static str],
    statement: &'static str,
) -> Item {
    Item { checklist: "RECORD", number, section, asks, anchors, files, statement }
}

const TITLE: &str = "Title and abstract";
const INTRODUCTION: &str = "Introduction";
const METHODS: &str = "Methods";
const RESULTS: &str = "Results";
const DISCUSSION: &str = "Discussion";
const OTHER: &str = "Other information";

/// Both checklists, in order.
#[rustfmt::skip]
pub(super) const ITEMS: &[Item] = &[
    strobe("1a", TITLE, "Indicate the study's design with a commonly used term in the title or the abstract", &["section-abstract"], &[], "abstract"),
    strobe("1b", TITLE, "Provide in the abstract an informative and balanced summary of what was done and what was found", &["section-abstract"], &[], "abstract"),
    strobe("2", INTRODUCTION, "Explain the scientific background and rationale for the investigation being reported", &["section-introduction", "section-background"], &[], "background"),
    strobe("3", INTRODUCTION, "State specific objectives, including any prespecified hypotheses", &["section-introduction", "section-background", "section-abstract"], &[], "protocol"),
    strobe("4", METHODS, "Present key elements of study design early in the paper", &["section-abstract", "section-methods"], &[], ""),
    strobe("5", METHODS, "Describe the setting, locations, and relevant dates, including periods of recruitment, exposure, follow-up, and data collection", &["section-data", "section-exposure"], &[], "setting"),
    strobe("6", METHODS, "Give the eligibility criteria, and the sources and methods of selection of participants", &["figure-flow", "table-flow", "section-outcomes"], &["flow.csv"], "participants"),
    strobe("7", METHODS, "Clearly define all outcomes, exposures, predictors, potential confounders, and effect modifiers", &["section-outcomes", "section-exposure", "section-statistical-analysis", "section-data"], &["data_dictionary.csv"], ""),
    strobe("8", METHODS, "For each variable of interest, give sources of data and details of methods of assessment (measurement)", &["section-data", "section-exposure"], &["data_dictionary.csv", "REPRODUCE.md"], ""),
    strobe("9", METHODS, "Describe any efforts to address potential sources of bias", &[], &[], "bias"),
    strobe("10", METHODS, "Explain how the study size was arrived at", &[], &[], "sample_size"),
    strobe("11", METHODS, "Explain how quantitative variables were handled in the analyses; if applicable, which groupings were chosen and why", &["section-statistical-analysis"], &["data_dictionary.csv"], ""),
    strobe("12a", METHODS, "Describe all statistical methods, including those used to control for confounding", &["section-statistical-analysis"], &["models.csv"], ""),
    strobe("12b", METHODS, "Describe any methods used to examine subgroups and interactions", &["table-subgroups", "figure-subgroups"], &[], ""),
    strobe("12c", METHODS, "Explain how missing data were addressed", &["section-statistical-analysis"], &["data_dictionary.csv", "flow.csv"], ""),
    strobe("12d", METHODS, "If applicable, describe analytical methods taking account of sampling strategy", &["section-statistical-analysis"], &[], ""),
    strobe("12e", METHODS, "Describe any sensitivity analyses", &["section-other-specifications", "table-variants"], &[], ""),
    strobe("13a", RESULTS, "Report numbers of individuals at each stage of the study", &["figure-flow", "table-flow"], &["flow.csv"], ""),
    strobe("13b", RESULTS, "Give reasons for non-participation at each stage", &["table-flow", "figure-flow"], &["flow.csv"], "participants"),
    strobe("13c", RESULTS, "Consider use of a flow diagram", &["figure-flow"], &[], ""),
    strobe("14a", RESULTS, "Give characteristics of study participants and information on exposures and potential confounders", &["table-respondents", "table-described", "table-describe", "table-provision"], &[], ""),
    strobe("14b", RESULTS, "Indicate the number of participants with missing data for each variable of interest", &["table-respondents", "table-flow", "table-described", "table-describe"], &["flow.csv"], ""),
    strobe("15", RESULTS, "Report numbers of outcome events or summary measures", &["table-outcomes", "figure-outcomes", "table-main", "table-effects"], &[], ""),
    strobe("16a", RESULTS, "Give unadjusted estimates and, if applicable, confounder-adjusted estimates and their precision; make clear which confounders were adjusted for and why", &["table-main", "table-effects", "table-variants"], &["results.csv"], ""),
    strobe("16b", RESULTS, "Report category boundaries when continuous variables were categorized", &[], &["data_dictionary.csv"], ""),
    strobe("16c", RESULTS, "If relevant, consider translating estimates of relative risk into absolute risk for a meaningful time period", &["table-main", "table-effects", "table-contrasts"], &[], ""),
    strobe("17", RESULTS, "Report other analyses done, e.g. analyses of subgroups and interactions, and sensitivity analyses", &["section-other-specifications", "table-variants", "table-subgroups", "table-joint"], &["results.csv"], ""),
    strobe("18", DISCUSSION, "Summarise key results with reference to study objectives", &["section-abstract"], &[], "interpretation"),
    strobe("19", DISCUSSION, "Discuss limitations of the study, taking into account sources of potential bias or imprecision", &["section-limits"], &[], "limits"),
    strobe("20", DISCUSSION, "Give a cautious overall interpretation of results considering objectives, limitations, multiplicity of analyses, results from similar studies, and other relevant evidence", &[], &[], "interpretation"),
    strobe("21", DISCUSSION, "Discuss the generalisability (external validity) of the study results", &[], &[], "generalisability"),
    strobe("22", OTHER, "Give the source of funding and the role of the funders", &[], &[], "funding"),
    record("1.1", TITLE, "The type of data used should be specified in the title or abstract; when possible, the name of the databases used", &["section-abstract"], &[], "abstract"),
    record("1.2", TITLE, "If applicable, the geographic region and timeframe within which the study took place should be reported in the title or abstract", &["section-abstract"], &[], "setting"),
    record("1.3", TITLE, "If linkage between databases was conducted, this should be clearly stated in the title or abstract", &["section-abstract"], &[], "abstract"),
    record("6.1", METHODS, "The methods of study population selection (such as codes or algorithms used to identify subjects) should be listed in detail", &["section-outcomes", "section-data"], &["data_dictionary.csv", "flow.csv"], "participants"),
    record("6.2", METHODS, "Any validation studies of the codes or algorithms used to select the population should be referenced", &[], &[], "validation"),
    record("6.3", METHODS, "If the study involved linkage of databases, consider use of a flow diagram or other graphical display to demonstrate the data linkage process, including the number of individuals with linked data at each stage", &["figure-flow", "table-flow", "section-data"], &["flow.csv"], ""),
    record("7.1", METHODS, "A complete list of codes and algorithms used to classify exposures, outcomes, confounders, and effect modifiers should be provided", &[], &["data_dictionary.csv", "config.yaml"], ""),
    record("12.1", METHODS, "Authors should describe the extent to which the investigators had access to the database population used to create the study population", &[], &[], "database_access"),
    record("12.2", METHODS, "Authors should provide information on the data cleaning methods used in the study", &["section-data-and-reproducibility"], &["data_dictionary.csv"], "cleaning"),
    record("12.3", METHODS, "State whether the study included person-level, institutional-level, or other data linkage across two or more databases; the methods of linkage and of linkage quality evaluation should be provided", &["section-data"], &[], ""),
    record("13.1", RESULTS, "Describe in detail the selection of the persons included in the study, including filtering based on data quality, data availability, and linkage", &["figure-flow", "table-flow"], &["flow.csv"], ""),
    record("19.1", DISCUSSION, "Discuss the implications of using data that were not created or collected to answer the specific research question, including misclassification bias, unmeasured confounding, missing data, and changing eligibility over time", &["section-limits"], &[], "limits"),
    record("22.1", OTHER, "Authors should provide information on how to access any supplemental information such as the study protocol, raw data, or programming code", &["section-data-and-reproducibility"], &["REPRODUCE.md", "ro-crate-metadata.json"], "supplementary"),
];
