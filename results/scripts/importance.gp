# Which swept key matters: its share of the variance of the mean test MSE.
#
#   gnuplot -c importance.gp [DATA.tsv [FORMATS]]
#
# FORMATS: any of svg, png and text, parted by blanks. Pictures are named after
# the data; text goes to standard output. The variables above the script say
# what is drawn: title_text, subtitle, method_text and luck (the share that seeds
# and folds would give by themselves).
#
# DATA: position, key, share from 0 to 1
if (exists("ARGC")) if (ARGC >= 1) data = ARG1
if (exists("ARGC")) if (ARGC >= 2) formats = ARG2
if (!exists("data")) data = 'importance.tsv'
if (!exists("formats")) formats = 'svg'
if (!exists("title_text")) title_text = 'hyperparameter importance'
if (!exists("subtitle")) subtitle = ''
if (!exists("method_text")) method_text = ''
if (!exists("luck")) luck = NaN

stem = data[1:strlen(data) - 4]

greater(a, b) = a > b ? a : b
longest = 0
stats data using (longest = greater(longest, strlen(strcol(2))), $1) nooutput name 'PLACE'
rows = int(PLACE_max)
notes = subtitle . (strlen(method_text) > 0 ? "\n" . method_text : '')
percent(x) = x > 0 && x < 0.0005 ? 'under 0.1 %' : sprintf('%.1f %%', 100 * x)
marked = luck == luck && luck >= 0.005
text_notes = notes
if (luck == luck) text_notes = notes . "\nexpected from seeds and folds alone: " . percent(luck)
if (luck == luck) notes = notes . "\n" . (marked ? 'dashed: ' : '') . 'expected from seeds and folds alone' . (marked ? ', ' : ': ') . percent(luck)
lines_of(s) = strlen(s) == 0 ? 0 : strstrt(s, "\n") > 0 ? 1 + lines_of(s[strstrt(s, "\n") + 1:strlen(s)]) : 1

set title title_text . "\n" . notes noenhanced
set xlabel 'share of the variance of the mean test MSE (%)' noenhanced
set xrange [0:116]
set xtics 0, 20, 100 nomirror out
set yrange [rows + 0.6:0.4]
set ytics nomirror scale 0 noenhanced
set grid xtics lc rgb '#e0e0e0' lt 1
set border 3 lc rgb '#404040'
unset key

label_pixels = 7.6 * longest + 24
width = int(label_pixels + 560)
top_pixels = 32 + 18 * lines_of(title_text . "\n" . notes)
height = int(rows * 34 + top_pixels + 72)

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
    print title_text . "\n" . text_notes
    set terminal dumb size text_columns, 2 * rows + 6 noenhanced
    set output
    unset title
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
    set bmargin at screen 66.0 / height
    if (marked) { set arrow from 100 * luck, graph 0 to 100 * luck, graph 1 nohead dt 2 lw 1.5 lc 7 front }
    plot data using (50 * $3):1:(0):(100 * $3):($1 - 0.33):($1 + 0.33):ytic(2) with boxxyerror fs solid 1 noborder lc 3 notitle, \
         data using (100 * $3):1:(percent($3)) with labels left offset 0.6, 0 notitle
    unset output
  }
}
