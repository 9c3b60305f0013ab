# Which swept key matters: its share of the variance of the mean test MSE.
#
#   gnuplot -c importance.gp [DATA.tsv [FORMATS]]
#
# FORMATS: any of svg, png and text, parted by blanks. Pictures are named after
# the data; text goes to standard output. The variables above the script say
# what is drawn: title_text, subtitle (the question), note_text, method_text and luck (the share that seeds
# and folds would give by themselves).
#
# DATA: position, key, share from 0 to 1
if (exists("ARGC")) if (ARGC >= 1) data = ARG1
if (exists("ARGC")) if (ARGC >= 2) formats = ARG2
if (!exists("data")) data = 'importance.tsv'
if (!exists("formats")) formats = 'svg'
if (!exists("title_text")) title_text = 'hyperparameter importance'
if (!exists("subtitle")) subtitle = ''
if (!exists("note_text")) note_text = ''
if (!exists("method_text")) method_text = ''
if (!exists("luck")) luck = NaN

stem = data[1:strlen(data) - 4]

greater(a, b) = a > b ? a : b
longest = 0
stats data using (longest = greater(longest, strlen(strcol(2))), $1) nooutput name 'PLACE'
rows = int(PLACE_max)
notes = method_text . (strlen(note_text) > 0 ? "\n" . note_text : '')
percent(x) = x > 0 && x < 0.0005 ? 'under 0.1 %' : sprintf('%.1f %%', 100 * x)
marked = luck == luck && luck >= 0.005
# Where the number of a bar begins: to the right of the dashed line rather than under it.
beside(x) = marked && x < 100 * luck && x > 100 * luck - 14 ? 100 * luck : x
text_notes = notes
if (luck == luck) text_notes = notes . "\nexpected from seeds and folds alone: " . percent(luck)
if (luck == luck) notes = notes . "\n" . (marked ? 'dashed: ' : '') . 'expected from seeds and folds alone' . (marked ? ', ' : ': ') . percent(luck)
note_text = notes
first_line(s) = strstrt(s, "\n") > 0 ? s[1:strstrt(s, "\n") - 1] : s
other_lines(s) = strstrt(s, "\n") > 0 ? s[strstrt(s, "\n") + 1:strlen(s)] : ''
longest_line(s) = strlen(s) == 0 ? 0 : greater(strlen(first_line(s)), longest_line(other_lines(s)))
lines_of(s) = strlen(s) == 0 ? 0 : 1 + lines_of(other_lines(s))
header_pixels = 36 + 18 * lines_of(subtitle)
note_pixels = strlen(note_text) > 0 ? 6 + 18 * lines_of(note_text) : 0
header_width = 32 + greater(8.4 * strlen(title_text), 7.0 * greater(longest_line(subtitle), longest_line(note_text)))

set xlabel 'share of the variance of the mean test MSE (%)' noenhanced
set xrange [0:116]
set xtics 0, 20, 100 nomirror out
set yrange [rows + 0.6:0.4]
set ytics nomirror scale 0 noenhanced
set grid xtics lc rgb '#e0e0e0' lt 1
set border 3 lc rgb '#404040'
unset key

label_pixels = 7.6 * longest + 24
width = int(greater(label_pixels + 560, header_width))
top_pixels = header_pixels + 18
bottom_pixels = note_pixels + 62
height = int(rows * 34 + top_pixels + bottom_pixels)

do for [format in formats] {
  unset arrow
  if (format eq 'text') {
    # Text has no room for long names: numbers stand for them.
    numbered = longest > 32
    tick(s, n) = numbered ? sprintf('%d', n) : s
    legend = ''
    list(s, n) = (legend = legend . sprintf("  %d  %s\n", n, s), 0)
    if (numbered) { stats data using (list(strcol(2), $1)) nooutput name 'ALL' }
    set print '-'
    print title_text . (strlen(subtitle) > 0 ? "\n" . subtitle : '') . "\n" . text_notes
    set terminal dumb size text_columns, 2 * rows + 6 noenhanced
    set output
    unset grid
    plot data using (0):1:(100 * $3):(0):ytic(tick(strcol(2), $1)) with vectors nohead notitle, \
         data using (100 * $3):1:('  ' . percent($3)) with labels left notitle
    if (numbered) { print legend }
  } else {
    if (format eq 'svg') {
      set terminal svg size width, height font 'sans-serif,12' background rgb 'white' noenhanced
    } else {
      set terminal pngcairo size 2 * width, 2 * height font 'sans,9' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
    }
    set output stem . '.' . format
    set lmargin at screen label_pixels / width
    set rmargin at screen 1 - 20.0 / width
    set tmargin at screen 1 - 1.0 * top_pixels / height
    set bmargin at screen 1.0 * bottom_pixels / height
    set label 91 title_text at screen 16.0 / width, screen 1 - 20.0 / height left font (format eq 'svg' ? ',14' : ',10.5') noenhanced
    set label 92 subtitle at screen 16.0 / width, screen 1 - 42.0 / height left tc rgb '#505050' noenhanced
    set label 93 note_text at screen 16.0 / width, screen (note_pixels - 5.0) / height left tc rgb '#505050' noenhanced
    if (marked) { set arrow from 100 * luck, graph 0 to 100 * luck, graph 1 nohead dt 2 lw 1.5 lc 7 front }
    plot data using (50 * $3):1:(0):(100 * $3):($1 - 0.33):($1 + 0.33):ytic(2) with boxxyerror fs solid 1 noborder lc 3 notitle, \
         data using (beside(100 * $3)):1:(percent($3)) with labels left offset 0.6, 0 notitle
    unset output
  }
}
