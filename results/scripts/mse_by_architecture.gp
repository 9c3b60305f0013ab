# Test MSE by architecture: mean and standard deviation, the single trials, the
# mean validation MSE, and lines to compare with.
#
#   gnuplot -c mse_by_architecture.gp [DATA.tsv [FORMATS]]
#
# FORMATS: any of svg, png and text, parted by blanks. Pictures are named after
# the data; text goes to standard output. The variables above the script say
# what is drawn: title_text, subtitle (the question), note_text, the lines irreducible,
# mean_predictor, report and best (test MSE), clip (means above it are drawn at the right edge),
# others (whether there is a block 2), columns (labels as a table: how many, with
# their names column_1, ... and places column_x_1, ... in pixels, columns_pixels in
# all), codes (how many of code_1, code_2, ...: what short values stand for) and
# hover (svg: rows as hypertext).
#
# DATA, block 0: position, label, n, mean, sd, mean - sd, mean + sd, validation MSE, row, cells, and an empty
#       text where there are cells
#       block 1: position, MSE of one trial, seed, fold
#       block 2: position, label, median, least and largest mean of the others, an empty text
if (exists("ARGC")) if (ARGC >= 1) data = ARG1
if (exists("ARGC")) if (ARGC >= 2) formats = ARG2
if (!exists("data")) data = 'mse_by_architecture.tsv'
if (!exists("formats")) formats = 'svg'
if (!exists("title_text")) title_text = 'test MSE by architecture'
if (!exists("subtitle")) subtitle = ''
if (!exists("note_text")) note_text = ''
if (!exists("irreducible")) irreducible = NaN
if (!exists("mean_predictor")) mean_predictor = NaN
if (!exists("report")) report = NaN
if (!exists("best")) best = NaN
if (!exists("clip")) clip = 1e300
if (!exists("others")) others = 0
if (!exists("codes")) codes = 0
if (!exists("columns")) columns = 0
if (!exists("columns_pixels")) columns_pixels = 0
if (!exists("hover")) hover = 0

stem = data[1:strlen(data) - 4]

# Labels: how many, how wide their longest line is, how many lines they have.
first_line(s) = strstrt(s, "\n") > 0 ? s[1:strstrt(s, "\n") - 1] : s
other_lines(s) = strstrt(s, "\n") > 0 ? s[strstrt(s, "\n") + 1:strlen(s)] : ''
greater(a, b) = a > b ? a : b
less(a, b) = a < b ? a : b
longest_line(s) = strlen(s) == 0 ? 0 : greater(strlen(first_line(s)), longest_line(other_lines(s)))
lines_of(s) = strlen(s) == 0 ? 0 : 1 + lines_of(other_lines(s))
# Text has no room for long labels: numbers stand for them.
joined(s) = strstrt(s, "\n") > 0 ? first_line(s) . ' ' . joined(other_lines(s)) : s
longest = others ? 48 : 0
lines = 1
measure(s) = (longest = greater(longest, longest_line(s)), lines = greater(lines, lines_of(s)), 0)
stats data index 0 using (measure(strcol(2)), $1) nooutput name 'PLACE'
rows = int(PLACE_max) + others

# The range: all bars, trials and validation MSE up to `clip`. A line is drawn
# when it does not squeeze them into less than a half, and is only told of
# otherwise.
low = 1e300
high = -1e300
validated = 0
see(x) = x == x ? (low = less(low, x), high = greater(high, less(x, clip)), 1) : 0
look(line) = (see(column(6)), see(column(7)), validated = see(column(8)) ? 1 : validated, 0)
stats data index 0 using (look(0)) nooutput name 'ALL'
stats data index 1 using (see(column(2))) nooutput name 'ALL'
span = high - low > 1e-4 * high ? high - low : 0.02 * high
inner_low = low
inner_high = high
near(x) = x == x && x >= inner_low - span && x <= inner_high + span
far(x) = x == x && !near(x)
do for [x in sprintf('%.17g %.17g %.17g', irreducible, mean_predictor, report)] {
  if (near(real(x))) {
    low = less(low, real(x))
    high = greater(high, real(x))
  }
}
span = greater(high - low, span)
line_1 = sprintf('irreducible MSE of the data: %.4f', irreducible)
line_2 = sprintf('predicting the mean rating: %.4f', mean_predictor)
line_3 = sprintf("the student report's model: %.2f", report)
line_4 = sprintf('lowest validation MSE (test MSE %.4f)', best)
notes = note_text
if (far(irreducible)) notes = notes . "\n" . line_1 . ' (outside the plot)'
if (far(mean_predictor)) notes = notes . "\n" . line_2 . ' (outside the plot)'
if (far(report)) notes = notes . "\n" . line_3 . ' (outside the plot)'

note_text = notes[1:1] eq "\n" ? notes[2:strlen(notes)] : notes
header_pixels = 36 + 18 * lines_of(subtitle)
note_pixels = strlen(note_text) > 0 ? 6 + 18 * lines_of(note_text) : 0
header_width = 32 + greater(8.4 * strlen(title_text), 7.0 * greater(longest_line(subtitle), longest_line(note_text)))
set xlabel 'MSE (squared rating points; lower is better)' noenhanced
left = low - 0.05 * span
right = high + 0.05 * span
set xrange [left:right]
set yrange [rows + 0.6:0.4]
set format x '%.6g'
set xtics nomirror out
set ytics nomirror scale 0 noenhanced
set grid xtics ytics lc rgb '#e0e0e0' lt 1
set border 3 lc rgb '#404040'
set key center top vertical maxcols 1 Left reverse noenhanced samplen 4

inside(x) = x > clip ? NaN : x
# A table of labels stands instead of the texts at the axis, which then are empty.
tick_column = columns ? 10 + columns : 2
others_column = columns ? 6 : 2
beyond(x) = x > clip ? right : NaN
label_pixels = columns ? greater(columns_pixels, others ? 300 : 0) + 24 : 7.6 * longest + 24
width = int(greater(label_pixels + 600, header_width))
row_pixels = lines > 1 && !columns ? 17 * lines + 6 : rows > 20 ? greater(16, 480.0 / rows) : 24
entries = 2 + validated + near(irreducible) + near(mean_predictor) + near(report) + (best == best) + others
code_lines = 0
do for [i = 1:codes] { code_lines = code_lines + lines_of(value(sprintf('code_%d', i))) }
top_pixels = header_pixels + 16 + (columns ? 20 : 0)
bottom_pixels = 72 + 18 * entries + (codes ? 12 + 18 * code_lines : 0) + note_pixels
# gnuplot leaves out a key that is taller than the plot
height = int(greater((rows + 0.2) * row_pixels, 20 * entries + 40) + top_pixels + bottom_pixels)

do for [format in formats] {
  if (format eq 'text') {
    numbered = longest > 32
    tick(s, n) = numbered ? sprintf('%d', n) : s
    legend = ''
    list(s, n) = (legend = legend . sprintf("  %d  %s\n", n, joined(s)), 0)
    if (numbered) {
      stats data index 0 using (list(strcol(2), $1)) nooutput name 'ALL'
      do for [i = 1:others] { stats data index 2 using (list(strcol(2), $1)) nooutput name 'ALL' }
    }
    set print '-'
    print title_text . (strlen(subtitle) > 0 ? "\n" . subtitle : '') . (strlen(note_text) > 0 ? "\n" . note_text : '')
    set terminal dumb size text_columns, greater(rows, 3) * (lines > 1 && !numbered ? lines : 2) + 11 noenhanced
    set output
    set lmargin (numbered ? 2 : longest) + 2
    set bmargin 7
    set key at screen 0.5, screen 0.0 center bottom
    unset grid
    unset arrow
    plot data index 1 using (inside($2)):1 with points pt '.' title 'one trial', \
         data index 0 using (inside($4)):1:6:7:ytic(tick(strcol(2), $1)) with xerrorbars pt 'O' notitle, \
         data index 0 using (inside($8)):1 with points pt 'v' title (validated ? 'validation MSE' : ''), \
         for [i = 1:others] data index 2 using (less($3, right)):1:(less($4, right)):(less($5, right)):ytic(tick(strcol(2), $1)) with xerrorbars pt 'o' notitle, \
         keyentry with points pt 'O' title 'mean ± sd'
    if (numbered) { print legend }
  } else {
    if (format eq 'svg') {
      set terminal svg size width, height font 'sans-serif,12' background rgb 'white' noenhanced
    } else {
      set terminal pngcairo size 2 * width, 2 * height font 'sans,9' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
    }
    set output stem . '.' . format
    set lmargin at screen 1.0 * label_pixels / width
    set rmargin at screen 1 - 30.0 / width
    set tmargin at screen 1 - 1.0 * top_pixels / height
    set bmargin at screen 1.0 * bottom_pixels / height
    set key at screen (label_pixels + 0.5 * (width - label_pixels)) / width, screen (bottom_pixels - 58.0) / height
    at = 10.0 + 18 * code_lines + note_pixels
    do for [i = 1:codes] {
      code = value(sprintf('code_%d', i))
      set label i code at screen 16.0 / width, screen at / height left noenhanced
      at = at - 18 * lines_of(code)
    }
    unset arrow
    set label 91 title_text at screen 16.0 / width, screen 1 - 20.0 / height left font (format eq 'svg' ? ',14' : ',10.5') noenhanced
    set label 92 subtitle at screen 16.0 / width, screen 1 - 42.0 / height left tc rgb '#505050' noenhanced
    set label 93 note_text at screen 16.0 / width, screen (note_pixels - 5.0) / height left tc rgb '#505050' noenhanced
    set multiplot
    if (columns) {
      # the table of labels: a panel of its own, in pixels
      do for [c = 1:columns] {
        set label 50 + c value(sprintf('column_%d', c)) at screen (16.0 + value(sprintf('column_x_%d', c))) / width, screen 1 - (top_pixels - 10.0) / height left tc rgb '#505050' noenhanced
      }
      set lmargin at screen 16.0 / width
      set rmargin at screen 1.0 * label_pixels / width
      set xrange [0:label_pixels - 16]
      unset xtics
      unset ytics
      unset xlabel
      unset border
      unset key
      plot for [c = 10:9 + columns] data index 0 using (value(sprintf('column_x_%d', c - 9))):1:c with labels left tc rgb '#202020' notitle, \
           for [i = 1:others] data index 2 using (0):1:2 with labels left tc rgb '#202020' notitle
      unset label
      unset arrow
      set lmargin at screen 1.0 * label_pixels / width
      set rmargin at screen 1 - 30.0 / width
      set xrange [left:right]
      set xtics nomirror out
      set ytics nomirror scale 0 noenhanced
      set xlabel 'MSE (squared rating points; lower is better)' noenhanced
      set border 3 lc rgb '#404040'
      set key
    }
    if (near(irreducible)) { set arrow from irreducible, graph 0 to irreducible, graph 1 nohead dt 2 lw 1.5 lc 4 }
    if (near(mean_predictor)) { set arrow from mean_predictor, graph 0 to mean_predictor, graph 1 nohead dt 4 lw 1.5 lc 7 }
    if (near(report)) { set arrow from report, graph 0 to report, graph 1 nohead dt 5 lw 1.5 lc 8 }
    if (best == best) { set arrow from best, graph 0 to best, graph 1 nohead dt 3 lw 1.5 lc 1 }
    plot data index 1 using (inside($2)):($1 + 0.22) with points pt 7 ps 0.45 lc rgb '#4056b4e9' title 'one trial', \
         data index 0 using (inside($8)):1 with points pt 12 ps 0.9 lw 1.2 lc 7 title (validated ? 'mean validation MSE' : ''), \
         data index 0 using (inside($4)):1:6:(less($7, right)):ytic(tick_column) with xerrorbars pt 7 ps 0.9 lw 1.5 lc 6 title 'mean test MSE ± sd over seeds and folds', \
         data index 0 using (beyond($4)):1:(sprintf('%.4g ▶', $4)) with labels right tc lt 6 notitle, \
         for [i = 1:others] data index 2 using (less($4, right)):1:(less($5, right) - less($4, right)):(0):ytic(others_column) with vectors nohead lw 1.5 lc rgb '#808080' notitle, \
         for [i = 1:others] data index 2 using ($3 < right ? $3 : NaN):1 with points pt 6 ps 0.9 lw 1.5 lc rgb '#808080' title 'the others: median, lowest to highest mean test MSE', \
         for [i = 1:others] data index 2 using ($5 > right ? right : NaN):1:('▶') with labels right tc rgb '#808080' notitle, \
         for [i = 1:hover] data index 0 using (inside($4)):1:9 with labels hypertext point pt 7 ps 0.9 lc 6 notitle, \
         for [i = 1:near(irreducible)] keyentry with lines dt 2 lw 1.5 lc 4 title line_1, \
         for [i = 1:near(mean_predictor)] keyentry with lines dt 4 lw 1.5 lc 7 title line_2, \
         for [i = 1:near(report)] keyentry with lines dt 5 lw 1.5 lc 8 title line_3, \
         for [i = 1:(best == best)] keyentry with lines dt 3 lw 1.5 lc 1 title line_4
    unset multiplot
    unset output
  }
}
