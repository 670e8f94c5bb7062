package diag

// Code names a kind of finding for programs. It is stable, English and kebab-case: what a program was once told under a code it is told
// under it ever after.
type Code string

// Reading a data file.
const (
	UnreadableFile      Code = "unreadable-file"       // the file cannot be read, or its name ends in no format that is read
	UnknownFormat       Code = "unknown-format"        // the file is of a format that holds no data
	OldFormat           Code = "old-format"            // a workbook of Excel 97-2003, .xls
	EncryptedFile       Code = "encrypted-file"        // a workbook with a password
	Macros              Code = "macros"                // a workbook with macros
	NotAWorkbook        Code = "not-a-workbook"        // a file named .xlsx that holds no workbook
	DamagedFile         Code = "damaged-file"          // a ZIP package with missing or broken parts
	NotUnicode          Code = "not-unicode"           // text in no encoding of Unicode, or in a font encoding of before it
	EmptyFile           Code = "empty-file"            // a file without data
	FileTooLarge        Code = "file-too-large"        // more bytes, unzipped, than a data file may have
	TooManyCells        Code = "too-many-cells"        // more cells than are read
	TooManyColumns      Code = "too-many-columns"      // more columns than are read
	TooManyRows         Code = "too-many-rows"         // more rows than are read
	TooManySheets       Code = "too-many-sheets"       // more sheets than are read
	TooManyMerges       Code = "too-many-merges"       // more merged ranges than are read
	TooManyEntries      Code = "too-many-entries"      // more keys and items than are read
	TooManyUnits        Code = "too-many-units"        // more units in one workbook than are read
	TooDeep             Code = "too-deep"              // keys nested deeper than is read
	BadJSON             Code = "bad-json"              // not well-formed JSON
	BadYAML             Code = "bad-yaml"              // not well-formed YAML
	YAMLKey             Code = "yaml-key"              // a key of YAML that is no single word
	YAMLMark            Code = "yaml-mark"             // a mark at the begin of a text that means something else to YAML
	ManyDocuments       Code = "many-documents"        // several YAML documents in one file
	NotData             Code = "not-data"              // a file of a batch that is no data file
	NotARecord          Code = "not-a-record"          // text where keys and values were wanted
	Unprintable         Code = "unprintable"           // a character that no font prints, such as an emoji
	CellFault           Code = "cell-fault"            // a formula that came to an error, such as #REF!
	FormulaWithoutValue Code = "formula-without-value" // a formula that was never worked out by the program that wrote it
	FormulaCalculated   Code = "formula-calculated"    // a formula without a value that was worked out here
)

// Understanding its tables.
const (
	NoHeading       Code = "no-heading"       // a sheet without a row of column headings
	NoTable         Code = "no-table"         // no table of the file fits the kind of document
	SecondTable     Code = "second-table"     // a second table on one sheet, which is not read
	TwoSheets       Code = "two-sheets"       // two sheets for one table
	UnknownSheet    Code = "unknown-sheet"    // a sheet that is not read
	MissingColumn   Code = "missing-column"   // a table without a column that it must have
	NearColumn      Code = "near-column"      // a heading that is nearly the name of a column
	UnknownColumn   Code = "unknown-column"   // a column that is not read
	DuplicateColumn Code = "duplicate-column" // two columns for one field
	UnknownEntry    Code = "unknown-entry"    // a line of a form that the kind does not have
	UnplacedText    Code = "unplaced-text"    // text that belongs to no entry of the form
	TableReplaced   Code = "table-replaced"   // a table of the data file that another file takes the place of
	RowsBelowTotal  Code = "rows-below-total" // rows below the line of totals, which are not read
	SectionRows     Code = "section-rows"     // rows that are read as headings of sections
	NoteRow         Code = "note-row"         // a row that is read as a note
	SampleRow       Code = "sample-row"       // a row of the starter file that was left in
	UnitConverted   Code = "unit-converted"   // amounts that were brought to the unit of their column
	WrongUnit       Code = "wrong-unit"       // amounts in a unit that is not that of their column
	SameUnit        Code = "same-unit"        // two units of nearly one name
	EmptyList       Code = "empty-list"       // a list of units without any
	ManyUnits       Code = "many-units"       // a workbook that makes a document for each of its units
	UnknownUnit     Code = "unknown-unit"     // a unit that the list does not have, or no body whose series it is
	SignerTwice     Code = "signer-twice"     // two rows for one signer
)

// Reading a typed document.
const (
	NoContent      Code = "no-content"        // a typed document without a body
	NotRecognised  Code = "not-recognised"    // a part of a typed document that was not found in it
	OtherSymbol    Code = "other-symbol"      // a symbol that is of another kind of document
	OtherType      Code = "other-type"        // a type name that is of another kind of document
	JoinedLines    Code = "joined-lines"      // a line that was joined to the one above
	TooLargeToEdit Code = "too-large-to-edit" // more data than the desk can edit
)

// Checking the data of a document.
const (
	MissingField    Code = "missing-field"      // a field that must be there
	EmptyField      Code = "empty-field"        // a field that must not be empty
	EmptyItem       Code = "empty-item"         // an item of a list that is empty
	UnknownKey      Code = "unknown-key"        // a key that the kind does not have
	DuplicateKey    Code = "duplicate-key"      // a key written twice
	ComputedField   Code = "computed-field"     // a value for a field that is worked out
	WrongType       Code = "wrong-type"         // text, list or group where another was wanted
	WrongField      Code = "wrong-field"        // a value on a form that cannot be
	UnknownChoice   Code = "unknown-choice"     // a value that is none of the choices
	NotADate        Code = "not-a-date"         // text where a date was wanted
	NoSuchDay       Code = "no-such-day"        // a date that the calendar does not have
	NotANumber      Code = "not-a-number"       // text where a number was wanted
	NotAPeriod      Code = "not-a-period"       // text where a period of reporting was wanted
	WrongPeriod     Code = "wrong-period"       // a period that is not of the kind's length
	UnknownKind     Code = "unknown-kind"       // a kind of document that there is not
	UnknownSigner   Code = "unknown-signer"     // a signer that the profile does not have
	SignerOutOfTerm Code = "signer-out-of-term" // a signer whose term does not hold the date
	TermEndsFirst   Code = "term-ends-first"    // a term that ends before it begins
	NotAProfile     Code = "not-a-profile"      // a profile that is no office profile
	ManyAnnexes     Code = "many-annexes"       // more annexes than are numbered
	RaggedTable     Code = "ragged-table"       // rows of a typed table with different numbers of cells
	WideTable       Code = "wide-table"         // a typed table with more columns than a page holds
)

// Figures.
const (
	MissingTable         Code = "missing-table"           // a table that the report counts is not there
	NoClosingDate        Code = "no-closing-date"         // no closing date, so that no state can be worked out
	ClosingAfterDate     Code = "closing-after-date"      // a closing date after the date of the document
	ClosingOutsidePeriod Code = "closing-outside-period"  // a closing date outside the period
	DateLongAfterPeriod  Code = "date-long-after-period"  // a document dated long after its period
	AfterClosing         Code = "after-closing"           // a date after the closing date, not counted
	FarDeadline          Code = "far-deadline"            // a deadline in a year far off
	DoneBeforeStart      Code = "done-before-start"       // done before it began
	DoneWithoutDate      Code = "done-without-date"       // done, without a date
	DueBeforeReceipt     Code = "due-before-receipt"      // due before it was received
	DueBeforeStart       Code = "due-before-start"        // due before it began
	ReplyBeforeReceipt   Code = "reply-before-receipt"    // answered before it was received
	ResolvedWithoutReply Code = "resolved-without-reply"  // resolved, without a date of reply
	DateWithoutProgress  Code = "date-without-progress"   // a date of completion below 100 %
	NoSuchProgress       Code = "no-such-progress"        // a progress outside 0 to 100
	NoSuchStep           Code = "no-such-step"            // a step of handling that there is not
	NoSuchCount          Code = "no-such-count"           // a count that cannot be
	NegativeAmount       Code = "negative-amount"         // an amount below zero
	PaidBeyondPlan       Code = "paid-beyond-plan"        // more paid out than planned
	PartsBesideTotal     Code = "parts-beside-total"      // parts that do not come to their total
	PartsBeyondTotal     Code = "parts-beyond-total"      // a part larger than its whole
	DuplicateRow         Code = "duplicate-row"           // two rows that are the same
	OtherSpelling        Code = "other-spelling"          // one body spelled in two ways
	TypedState           Code = "typed-state"             // a typed state that is not the one worked out
	MoreDoubts           Code = "more-doubts"             // warnings beyond those that are listed
	TitleOfAnotherPeriod Code = "title-of-another-period" // a title that names another period
)

// Against the period before.
const (
	UnlikeDocuments     Code = "unlike-documents"      // documents of two kinds, not compared
	UnlikePeriods       Code = "unlike-periods"        // documents without periods to compare
	PeriodGap           Code = "period-gap"            // a period before that is not the one just before
	SamePeriodLastYear  Code = "same-period-last-year" // compared with the same months of the year before
	NothingToCompare    Code = "nothing-to-compare"    // a table that the period before does not have
	FigureJump          Code = "figure-jump"           // a figure that changed too much to be believed unseen
	NoPreviousUnit      Code = "no-previous-unit"      // a unit that the period before does not have
	PreviousUnused      Code = "previous-unused"       // a file of the period before that belongs to no file of this one
	PreviousPeriodNamed Code = "previous-period-named" // a text that names the period before
	LeftoverClosingDate Code = "leftover-closing-date" // the closing date of the period before
	LeftoverDate        Code = "leftover-date"         // the date of the period before
	LeftoverNumber      Code = "leftover-number"       // the number of the document before
	LeftoverParagraph   Code = "leftover-paragraph"    // a paragraph copied from the document before
	LeftoverPeriod      Code = "leftover-period"       // the period before
	LeftoverSection     Code = "leftover-section"      // a section copied from the document before
	LeftoverSigner      Code = "leftover-signer"       // the signer of the document before
	LeftoverTitle       Code = "leftover-title"        // a title that still names the period before
)

// Numbers and the register.
const (
	NumberBlank           Code = "number-blank"             // a document without a number
	NumberDiffers         Code = "number-differs"           // a typed number that is not the one the register has
	NumberNotInRegister   Code = "number-not-in-register"   // a typed number that the register does not have
	NumberTaken           Code = "number-taken"             // a number that another document has
	NumberOfAnother       Code = "number-of-another"        // a number that another office's or other data's document has
	NumberOfAnotherDay    Code = "number-of-another-day"    // a number that was taken for another date
	NumberAgain           Code = "number-again"             // a number taken a moment ago for the same text
	NumberOutOfOrder      Code = "number-out-of-order"      // a number out of the order of dates
	NumberVoid            Code = "number-void"              // a number that is void
	NumberTwice           Code = "number-twice"             // one number in two rows of a register
	NumberBetween         Code = "number-between"           // a number put between two others, 12a
	OneNumberTwice        Code = "one-number-twice"         // two documents of a batch with one number
	NoSuchNumber          Code = "no-such-number"           // a number that the series does not have
	NoSymbol              Code = "no-symbol"                // a kind whose symbol is not known
	NoDate                Code = "no-date"                  // a row of a register without a date
	BadDate               Code = "bad-date"                 // a row of a register whose date cannot be read
	BadNumber             Code = "bad-number"               // a row of a register whose number or count of copies cannot be
	NoTitle               Code = "no-title"                 // a row of a register without type and abstract
	NotARegister          Code = "not-a-register"           // a workbook without a register of outgoing documents
	YearOfAnotherBook     Code = "year-of-another-book"     // a row whose date is of another year than the book
	KindInTwoGroups       Code = "kind-in-two-groups"       // a kind that two groups of a numbering name
	SeriesName            Code = "series-name"              // a name of a group that no series may have
	SeriesOfAnotherBody   Code = "series-of-another-body"   // a symbol of another body, numbered in a series of its own
	SeriesOfAnotherOffice Code = "series-of-another-office" // a series that another office has
	SeriesOfCopies        Code = "series-of-copies"         // kinds of copies in a group of numbering
)

// Templates and kinds.
const (
	BadTemplate              Code = "bad-template"                // a template that cannot be read
	NotADOCX                 Code = "not-a-docx"                  // a template that is no .docx file
	MissingPart              Code = "missing-part"                // a template without a part that it must have
	TemplateTooLarge         Code = "template-too-large"          // a template with too many bytes
	TemplateHasMacros        Code = "template-has-macros"         // a template that may hold macros
	TemplateHasObjects       Code = "template-has-objects"        // a template that holds objects of other programs
	TemplateLoadsFromOutside Code = "template-loads-from-outside" // a template that fetches content from elsewhere
	OwnTemplateUnusable      Code = "own-template-unusable"       // an office's own template that does not fit the program any more
	BadTag                   Code = "bad-tag"                     // a tag that is not well formed
	UnclosedTag              Code = "unclosed-tag"                // {{ without }} in its paragraph
	UnclosedBlock            Code = "unclosed-block"              // a block that is not closed
	StrayClose               Code = "stray-close"                 // a closing tag of no block
	CrossingBlock            Code = "crossing-block"              // blocks that cross
	NotAlone                 Code = "not-alone"                   // a tag that must stand alone in its paragraph
	UnknownField             Code = "unknown-field"               // a tag of a field that the kind does not have
	UnknownFilter            Code = "unknown-filter"              // a filter that there is not
	WrongFilter              Code = "wrong-filter"                // a filter that does not fit its field
	WrongTag                 Code = "wrong-tag"                   // a tag of another sort than its field
	MissingStyle             Code = "missing-style"               // a style that the template must have
	NoSection                Code = "no-section"                  // a body without a place in a section
	SectionInPart            Code = "section-in-part"             // a section that begins in a header, footer or table
	RuleWithoutText          Code = "rule-without-text"           // a rule below a text that is not there
	NoSuchVersion            Code = "no-such-version"             // a version of a template that there is not
	NoFile                   Code = "no-file"                     // a form without a file
	BadFieldKey              Code = "bad-field-key"               // a key in kind.yaml that is no plain word
	BadWidth                 Code = "bad-width"                   // a width in kind.yaml that is none
	DuplicateField           Code = "duplicate-field"             // a field in kind.yaml that stands twice
	EmptyGroup               Code = "empty-group"                 // a group in kind.yaml without fields
	FieldsOfText             Code = "fields-of-text"              // fields in kind.yaml below a field that is text
	MissingLabel             Code = "missing-label"               // a field in kind.yaml without a label
	MissingName              Code = "missing-name"                // a kind.yaml without a type name
	NotABoolean              Code = "not-a-boolean"               // a value in kind.yaml that is neither true nor false
	NotAKind                 Code = "not-a-kind"                  // a key in kind.yaml that there is not
	UnknownType              Code = "unknown-type"                // a type in kind.yaml that there is not
	BadFont                  Code = "bad-font"                    // a font of the office that cannot be embedded
)

// Word files: what is printed otherwise, or not at all.
const (
	NotAWordFile       Code = "not-a-word-file"      // a file that is no Word file
	OldWordFile        Code = "old-word-file"        // a Word file of before 2007, or one with a password
	ArrowHead          Code = "arrow-head"           // a line with an arrow head, printed without
	BarTab             Code = "bar-tab"              // a bar tab, left out
	BrokenField        Code = "broken-field"         // a field without an end
	CellSpacing        Code = "cell-spacing"         // a table with spacing between cells, printed without
	Chart              Code = "chart"                // a chart, not printed
	Columns            Code = "columns"              // a section in columns, printed in one
	Comment            Code = "comment"              // a comment, not printed
	Distribute         Code = "distribute"           // distributed text, printed justified
	EmbeddedDocument   Code = "embedded-document"    // an embedded document, not printed
	EmbeddedObject     Code = "embedded-object"      // an embedded object, not printed
	Endnote            Code = "endnote"              // an endnote, not printed
	Equation           Code = "equation"             // an equation, not printed
	FieldCodeText      Code = "field-code-text"      // text inside the code of a field, not printed
	FieldWithoutResult Code = "field-without-result" // a field without a result, not printed
	FloatingTable      Code = "floating-table"       // a floating table, printed in line
	Footnote           Code = "footnote"             // a footnote, not printed
	Frame              Code = "frame"                // a text frame, printed in line
	HiddenText         Code = "hidden-text"          // hidden text, not printed
	Kerning            Code = "kerning"              // kerned text, printed without kerning
	LegacyFont         Code = "legacy-font"          // text in a font of an encoding of before Unicode
	ListFormat         Code = "list-format"          // a number format of lists that is not known, printed in digits
	ListPicture        Code = "list-picture"         // a picture as a bullet, printed as a dot
	MergedCellText     Code = "merged-cell-text"     // text in a cell that a merge hides, not printed
	NumberFormat       Code = "number-format"        // page numbers of a format that is not known, printed in digits
	OddEvenHeaders     Code = "odd-even-headers"     // different headers on odd and even pages, printed as on odd ones
	OddEvenSection     Code = "odd-even-section"     // a section that begins on an odd or even page, printed on the next
	PageDecoration     Code = "page-decoration"      // a setting of the page, left out
	Picture            Code = "picture"              // a picture, not printed
	PositionTab        Code = "position-tab"         // a tab to a margin, printed as a tab
	RightToLeft        Code = "right-to-left"        // text from right to left, printed from left to right
	Shape              Code = "shape"                // a drawing that is no line, not printed
	SmallCaps          Code = "small-caps"           // small capitals, printed as capitals of 80 %
	Symbol             Code = "symbol"               // a sign of a symbol font that Unicode does not have
	TextBox            Code = "text-box"             // a text box, not printed
	TextEffect         Code = "text-effect"          // an effect of text, left out
	TrackedChanges     Code = "tracked-changes"      // tracked changes: insertions kept, deletions left out
	UnknownElement     Code = "unknown-element"      // an unknown element with text, not printed
	VerticalText       Code = "vertical-text"        // text turned in a cell, printed level
	WordArt            Code = "word-art"             // a watermark or word art, not printed
	FontSubstituted    Code = "font-substituted"     // a font that is not there, laid out in Tinos
	NoGlyph            Code = "no-glyph"             // a character that the font does not have, printed as a box
)

// Rules of documents.
const (
	ArchiveRecipient     Code = "archive-recipient"     // the recipients do not end in "Lưu: VT"
	AuthorityAbbreviated Code = "authority-abbreviated" // an authority to sign for that is not written out
	BodyNameCase         Code = "body-name-case"        // the name of a body in the wrong case
	CitedLater           Code = "cited-later"           // a document cited that is later than this one
	EndMark              Code = "end-mark"              // a body that does not end in "./."
	KnownSlip            Code = "known-slip"            // a slip of the pen that is often made
	Numbering            Code = "numbering"             // numbers of an outline that do not follow each other
	RecipientTwice       Code = "recipient-twice"       // a recipient named twice
	TitleTwice           Code = "title-twice"           // two headings of one name
)

// Files, batches and summaries.
const (
	BadZIP             Code = "bad-zip"              // a ZIP file that cannot be read
	DuplicateFile      Code = "duplicate-file"       // two files of one name in a ZIP file
	NameTooLong        Code = "name-too-long"        // a name in a ZIP file that is too long
	TooManyFiles       Code = "too-many-files"       // more files than a batch may have
	InputTooLarge      Code = "input-too-large"      // more bytes, unzipped, than a batch may have
	NoDataFiles        Code = "no-data-files"        // a batch without data files
	NoSuchUnit         Code = "no-such-unit"         // a unit that the workbook does not have
	NoUnits            Code = "no-units"             // a summary of no units
	NoSummaryFile      Code = "no-summary-file"      // a batch without the file that a summary is made from
	NotASummary        Code = "not-a-summary"        // a kind that sums up nothing
	NotSummed          Code = "not-summed"           // a unit whose report is of another period
	SummaryIncomplete  Code = "summary-incomplete"   // a summary without the figures of some units
	OldSummary         Code = "old-summary"          // a summary of the run before
	ResultsOfBefore    Code = "results-of-before"    // files of the run before, of units that this one does not have
	TwoFilesForOne     Code = "two-files-for-one"    // two data files for one document
	SameOutput         Code = "same-output"          // two documents of one file name
	SameAsInput        Code = "same-as-input"        // a file that would be written over its own data
	FileInTheWay       Code = "file-in-the-way"      // a file in the way that this program did not make
	EditedByHand       Code = "edited-by-hand"       // a file that a person has edited, not written over
	NoProgressWorkbook Code = "no-progress-workbook" // a kind without a progress workbook
	TooLargeToMark     Code = "too-large-to-mark"    // a workbook too large to colour cells in
	BackupFileChanged  Code = "backup-file-changed"  // a file that is not what it was when it was made
	BackupFileMissing  Code = "backup-file-missing"  // a file that the backup does not have
	Changed            Code = "changed"              // a form that somebody else has saved since
	Fault              Code = "fault"                // a fault of the program or the machine
)

// Users.
const (
	UserName            Code = "user-name"            // a name that no user may have
	UserExists          Code = "user-exists"          // a name that a user has
	FullName            Code = "full-name"            // a user without a full name
	UserOffice          Code = "user-office"          // a user of an office that there is not
	UserRole            Code = "user-role"            // a role that there is not
	FirstAdmin          Code = "first-admin"          // the first user, who must be an administrator
	LastAdmin           Code = "last-admin"           // the last administrator, who must stay one
	ShortPassword       Code = "short-password"       // a password with too few characters
	LongPassword        Code = "long-password"        // a password with too many characters
	CommonPassword      Code = "common-password"      // a password that many people use
	NameAsPassword      Code = "name-as-password"     // a password that is the user's name
	UnprintablePassword Code = "unprintable-password" // a password that cannot be typed
	TokenName           Code = "token-name"           // a key of a program without a name
	TokenDays           Code = "token-days"           // a key of a program for too many days
)
