package register

// SeriesOf is seriesOf, for tests outside of the package.
var SeriesOf = seriesOf
