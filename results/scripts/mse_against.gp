# Test MSE against what a model costs or is made of: one point per architecture.
#
#   gnuplot -c mse_against.gp DATA.tsv [FORMATS]
#
# FORMATS: any of svg, png and text, parted by blanks. Pictures are named after
# the data; text goes to standard output. The variables above the script say
# what is drawn: title_text, subtitle (the question), note_text, x_text, log_x, whole (x is a count), the range
# x_low, x_high, y_low, y_high, clip (points above it are drawn at it; above: how many),
# bars (whether to draw sd; else typical_sd), spread (points of one x are drawn
# beside each other), medians (whether there is a block of them), colours (how many
# values the key colour_name has: colour_1, colour_2, ...) and shapes (likewise; 0:
# they are of the same key), best_text (with
# its block), names with name_1, name_2, ... and the keys above them, names_text (with
# their block; front_text: they are a front), zero_at (where 0 stands on a logarithmic axis) and hover
# (svg: rows as hypertext).
#
# DATA, blocks in this order, each but the first only when it is set:
#       x, mean, sd, validation MSE, n, x drawn, row, label, colour, shape
#       x, mean, row of the lowest validation MSE
#       number (0: none), x, mean, row; of what is named
#       x, median over its architectures, how many, from and to which x they are drawn
if (exists("ARGC")) if (ARGC >= 1) data = ARG1
if (exists("ARGC")) if (ARGC >= 2) formats = ARG2
if (!exists("data")) data = 'mse_against_runtime.tsv'
if (!exists("formats")) formats = 'svg'
if (!exists("title_text")) title_text = 'test MSE'
if (!exists("subtitle")) subtitle = ''
if (!exists("note_text")) note_text = ''
if (!exists("x_text")) x_text = ''
if (!exists("log_x")) log_x = 0
if (!exists("whole")) whole = 0
if (!exists("bars")) bars = 0
if (!exists("typical_sd")) typical_sd = NaN
if (!exists("spread")) spread = 0
if (!exists("medians")) medians = 0
if (!exists("colours")) colours = 0
if (!exists("shapes")) shapes = 0
if (!exists("names")) names = 0
if (!exists("names_text")) names_text = ''
if (!exists("best_text")) best_text = ''
if (!exists("front_text")) front_text = ''
if (!exists("zero_at")) zero_at = NaN
if (!exists("clip")) clip = 1e300
if (!exists("above")) above = 0
if (!exists("hover")) hover = 0

stem = data[1:strlen(data) - 4]

greater(a, b) = a > b ? a : b
less(a, b) = a < b ? a : b
first_line(s) = strstrt(s, "\n") > 0 ? s[1:strstrt(s, "\n") - 1] : s
other_lines(s) = strstrt(s, "\n") > 0 ? s[strstrt(s, "\n") + 1:strlen(s)] : ''
longest_line(s) = strlen(s) == 0 ? 0 : greater(strlen(first_line(s)), longest_line(other_lines(s)))
lines_of(s) = strlen(s) == 0 ? 0 : 1 + lines_of(other_lines(s))
marked = strlen(best_text) > 0
front = names > 0
line = strlen(front_text) > 0
coded = colours > 0
front_block = 1 + marked
median_block = front_block + front

header_pixels = 36 + 18 * lines_of(subtitle)
note_pixels = strlen(note_text) > 0 ? 6 + 18 * lines_of(note_text) : 0
header_width = 32 + greater(8.4 * strlen(title_text), 7.0 * greater(longest_line(subtitle), longest_line(note_text)))
set xlabel x_text . (log_x ? ', log scale' : '') . (spread ? ' (models of equal x stand beside each other)' : '') noenhanced
set ylabel 'test MSE (squared rating points)' noenhanced
if (exists("x_low")) set xrange [x_low:x_high]
if (exists("y_low")) set yrange [y_low:y_high]
if (log_x) set logscale x
if (log_x) {
  # 1, 2, 5 within a factor of 1000, powers of ten beyond
  set xtics () norangelimited
  few = x_high / x_low < 1000
  do for [e = -6:12] {
    do for [m in (few ? '1 2 5' : '1')] {
      x = real(m) * 10.0 ** e
      s = x < 1000 ? sprintf('%g', x) : x < 1e6 ? sprintf('%gk', x / 1e3) : sprintf('%gM', x / 1e6)
      if (x >= x_low && x <= x_high && !(x < 2 * zero_at)) { set xtics add (s x) }
    }
  }
  if (zero_at == zero_at) { set xtics add ('0' zero_at) }
} else {
  set format x '%g'
  if (whole && exists("x_low") && x_high - x_low < 20) { set xtics 1 }
  if (!whole && exists("x_low") && x_high >= 1e4) { set format x '%.0s%c' }
}
set xtics nomirror out
set ytics nomirror out
set grid xtics ytics lc rgb '#e0e0e0' lt 1
set border 3 lc rgb '#404040'
set key center top Left reverse vertical maxcols 1 noenhanced samplen 4

name_lines = lines_of(names_text)
name_long = longest_line(names_text)
do for [i = 1:names] { name_lines = name_lines + lines_of(value(sprintf('name_%d', i))); name_long = greater(name_long, longest_line(value(sprintf('name_%d', i)))) }
if (marked) name_lines = name_lines + lines_of(best_text)
entries = 1 + marked + line + medians + (above > 0)
point_text = 'architecture: mean over seeds and folds' . (bars ? ', ± sd' : '') \
  . (typical_sd == typical_sd ? sprintf(' (typical sd %.2g)', typical_sd) : '')
# In this order from dark to light, as far as colours go that all can tell apart.
named_other(what, i, most) = i == most && value(sprintf('%s_%d', what, i)) eq 'other'
shade(i) = named_other('colour', i, colours) ? 0x999999 : int(word('0x000000 0x0072b2 0xd55e00 0x56b4e9 0x009e73 0xcc79a7 0xe69f00 0x999999', i))
mark(i) = int(word('7 5 9 11 15 2 1 3', i))
key_long = coded ? strlen(colour_name) + 8 : 0
do for [i = 1:colours] { key_long = greater(key_long, strlen(value(sprintf('colour_%d', i))) + 3) }
do for [i = 1:shapes] { key_long = greater(greater(key_long, strlen(shape_name) + 8), strlen(value(sprintf('shape_%d', i))) + 3) }
right_pixels = coded ? 44 + 7.2 * key_long : 30
bottom_pixels = 98 + 18 * entries + 18 * name_lines + note_pixels
left_pixels = 90
top_pixels = header_pixels + 18
width = int(greater(greater(730 + right_pixels, header_width), 60 + 6.5 * name_long))
right_pixels = coded ? right_pixels : width - 730
# Long lists below take from the plot rather than that the picture leaves the screen.
height = int(400 + bottom_pixels + top_pixels)
if (height > 1000) height = int(greater(1000, 280 + bottom_pixels + top_pixels))

do for [format in formats] {
  unset label
  if (format eq 'text') {
    set print '-'
    print title_text . (strlen(subtitle) > 0 ? "\n" . subtitle : '') . (strlen(note_text) > 0 ? "\n" . note_text : '')
    set terminal dumb size text_columns, 30 + entries noenhanced
    set output
    unset grid
    set ylabel 'test MSE'
    set key outside below center
    plot for [i = 1:!coded] data index 0 using 6:(less($2, clip)) with points pt 'o' title 'architecture', \
         for [i = 1:front] data index front_block using ($1 > 0 ? $2 : NaN):(less($3, clip)):1 with labels title (line ? front_text : ''), \
         for [i = 1:medians] data index median_block using 1:2 with points pt '=' title 'median of the models at this x', \
         for [i = 1:coded] data index 0 using 6:(less($2, clip)):(sprintf("%c", 96 + int($9))) with labels notitle, \
         for [i = 1:marked] data index 1 using 1:(less($2, clip)) with points pt '*' title 'lowest validation MSE'
    if (strlen(names_text) > 0) { print '     ' . names_text }
    do for [i = 1:names] { print '  ' . value(sprintf('name_%d', i)) }
    do for [i = 1:colours] { print sprintf('  %c  %s=%s', 96 + i, colour_name, value(sprintf('colour_%d', i))) }
    if (marked) { print '  *  ' . best_text }
  } else {
    if (format eq 'svg') {
      set terminal svg size width, height font 'sans-serif,12' background rgb 'white' noenhanced
    } else {
      set terminal pngcairo size 2 * width, 2 * height font 'sans,9' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
    }
    set output stem . '.' . format
    set lmargin at screen 1.0 * left_pixels / width
    set rmargin at screen 1 - 1.0 * right_pixels / width
    set bmargin at screen 1.0 * bottom_pixels / height
    set tmargin at screen 1 - 1.0 * top_pixels / height
    set key at screen 0.5, screen (bottom_pixels - 66.0) / height
    # the key of colours and shapes, by hand: to the right of the plot
    key_x = 1 - (right_pixels - 20.0) / width
    key_y = height - top_pixels - 8.0
    if (coded) { set label 200 (shapes > 0 ? 'colour: ' : '') . colour_name at screen key_x, screen key_y / height left noenhanced }
    do for [i = 1:colours] {
      set label 200 + i value(sprintf('colour_%d', i)) at screen key_x, screen (key_y - 19 * i) / height left offset 1.6, -0.2 point pt (shapes > 0 ? 7 : mark(i)) ps 0.9 lc rgb shade(i) noenhanced
    }
    key_y = key_y - 19 * colours - 36
    if (shapes > 0) { set label 220 'shape: ' . shape_name at screen key_x, screen key_y / height left noenhanced }
    do for [i = 1:shapes] {
      set label 220 + i value(sprintf('shape_%d', i)) at screen key_x, screen (key_y - 19 * i) / height left offset 1.6, -0.2 point pt mark(i) ps 0.9 lc rgb 0x606060 noenhanced
    }
    set label 91 title_text at screen 16.0 / width, screen 1 - 20.0 / height left font (format eq 'svg' ? ',14' : ',10.5') noenhanced
    set label 92 subtitle at screen 16.0 / width, screen 1 - 42.0 / height left tc rgb '#505050' noenhanced
    set label 93 note_text at screen 16.0 / width, screen (note_pixels - 5.0) / height left tc rgb '#505050' noenhanced
    at = bottom_pixels - 86.0 - 18 * entries
    if (strlen(names_text) > 0) { set label 98 names_text at screen 54.0 / width, screen at / height left tc rgb '#505050' noenhanced }
    at = at - 18 * lines_of(names_text)
    do for [i = 1:names] {
      name = value(sprintf('name_%d', i))
      set label 100 + i name at screen 40.0 / width, screen at / height left noenhanced
      at = at - 18 * lines_of(name)
    }
    if (marked) { set label 99 '◇  ' . best_text at screen 40.0 / width, screen at / height left noenhanced }
    plot for [i = 1:bars] data index 0 using 6:($2 > clip ? NaN : $2):3 with yerrorbars pt 7 ps 0.1 lw 1 lc rgb '#b0b0b0' notitle, \
         for [i = 1:medians] data index median_block using 4:2:($5 - $4):(0) with vectors nohead lw 3 lc rgb '#a8a8a8' title 'median of the models at this x', \
         for [i = 1:!coded] data index 0 using 6:(less($2, clip)) with points pt 7 ps 0.6 lc 3 title point_text, \
         for [i = 1:coded] data index 0 using 6:(less($2, clip)):(mark(int($10))):(shade(int($9))) with points pt variable ps 0.8 lc rgb variable notitle, \
         for [i = 1:coded] keyentry with points pt 7 ps 0.8 lc rgb '#606060' title point_text, \
         for [i = 1:(above > 0)] data index 0 using ($2 > clip ? $6 : NaN):(clip):('▲') with labels offset 0, 0.8 tc rgb '#606060' notitle, \
         for [i = 1:(above > 0)] keyentry with points pt 9 ps 0.9 lc rgb '#606060' title 'above a model: it lies above the plotted range', \
         for [i = 1:line] data index front_block using 2:3 with linespoints dt 2 lw 1.5 pt 6 ps 1.1 lc 6 title front_text, \
         for [i = 1:front] data index front_block using ($1 > 0 ? $2 : NaN):(less($3, clip)):(sprintf('%d', $1)) with labels offset -0.7, -0.9 tc rgb '#000000' notitle, \
         for [i = 1:marked] data index 1 using 1:(less($2, clip)) with points pt 12 ps 1.9 lw 2 lc 7 title 'lowest validation MSE', \
         for [i = 1:hover] data index 0 using 6:(less($2, clip)):7 with labels hypertext point pt 7 ps 0.6 lc 3 notitle
    unset output
  }
}
