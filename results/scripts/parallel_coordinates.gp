# Parallel coordinates: one line per architecture, through its values to its MSE.
# An axis is a column: lines end at its left side and go on from its right side at
# the same height, and the values stand between.
#
#   gnuplot -c parallel_coordinates.gp [DATA.tsv [FORMATS]]
#
# FORMATS: svg and png, parted by a blank. Pictures are named after the data.
# The variables above the script say what is drawn: title_text, subtitle (the
# question), note_text, mse_x (where the axis of the MSE is, pixels from the first),
# plot_height (pixels), mse_low and mse_high (at 0.05 and 0.95 of the height, and of
# the colours), best_text (when a line is of the lowest validation MSE) and hover
# (svg: rows as hypertext).
#
# DATA, block 0: pieces of lines: x, height, how far to the right and up, test MSE,
#       whether best, row
#       block 1: x, height, text, left, right, whether of a scale (else of a value)
#       block 2: height, text; of the MSE
#       block 3: left, right, name; of the axes
#       block 4: x, height; of the best, when best_text is set
#       last block, with hover: x, height, row; where lines meet the axes
if (exists("ARGC")) if (ARGC >= 1) data = ARG1
if (exists("ARGC")) if (ARGC >= 2) formats = ARG2
if (!exists("data")) data = 'parallel_coordinates.tsv'
if (!exists("formats")) formats = 'svg'
if (!exists("title_text")) title_text = 'parallel coordinates'
if (!exists("subtitle")) subtitle = ''
if (!exists("note_text")) note_text = ''
if (!exists("best_text")) best_text = ''
if (!exists("plot_height")) plot_height = 380
if (!exists("hover")) hover = 0

stem = data[1:strlen(data) - 4]

greater(a, b) = a > b ? a : b
first_line(s) = strstrt(s, "\n") > 0 ? s[1:strstrt(s, "\n") - 1] : s
other_lines(s) = strstrt(s, "\n") > 0 ? s[strstrt(s, "\n") + 1:strlen(s)] : ''
longest_line(s) = strlen(s) == 0 ? 0 : greater(strlen(first_line(s)), longest_line(other_lines(s)))
lines_of(s) = strlen(s) == 0 ? 0 : 1 + lines_of(other_lines(s))
name_lines = 1
first_long = 0
stats data index 3 using (name_lines = greater(name_lines, lines_of(strcol(3))), first_long = $1 == 0 ? 7.2 * longest_line(strcol(3)) - $2 : first_long, $1) nooutput name 'AXIS'
stats data index 0 using ($1 + $3):5 nooutput name 'MSE'
if (!exists("mse_x")) mse_x = MSE_max_x
if (!exists("mse_low")) mse_low = MSE_min_y
if (!exists("mse_high")) mse_high = MSE_max_y
if (mse_high <= mse_low) mse_high = mse_low * 1.001
best = strlen(best_text) > 0
# No line ends at the left side of the first axis.
inner(x) = x > 0 ? x : NaN
# A value has an upright mark at both sides of its axis, a number of a scale a tick inside.
mark_from(height, scale) = scale > 0 ? height : height - 0.014
mark_right(scale) = scale > 0 ? 5 : 0
mark_up(scale) = scale > 0 ? 0 : 0.028

header_pixels = 36 + 18 * lines_of(subtitle)
note_pixels = strlen(note_text) > 0 ? 6 + 18 * lines_of(note_text) : 0
header_width = 32 + greater(8.4 * strlen(title_text), 7.0 * greater(longest_line(subtitle), longest_line(note_text)))

set xrange [0:mse_x]
set yrange [0:1]
unset xtics
unset ytics
unset key
set border 0
# Dark is low: the order stays in black and white
set palette defined (0 '#08306b', 0.4 '#3f7fb5', 1 '#b9c6d2')
set cbrange [mse_low:mse_high]
unset cbtics

left_pixels = 16 + greater(0, first_long / 2)
right_pixels = 100
bottom_pixels = 20 + 17 * name_lines + (best ? 8 + 18 * lines_of(best_text) : 0) + note_pixels
top_pixels = header_pixels + 24
width = int(greater(left_pixels + mse_x + right_pixels, greater(header_width, 70 + 7 * longest_line(best_text))))
height = int(plot_height + bottom_pixels + top_pixels)

do for [format in formats] {
  if (format eq 'text') { continue }
  if (format eq 'svg') {
    set terminal svg size width, height font 'sans-serif,12' background rgb 'white' noenhanced
  } else {
    set terminal pngcairo size 2 * width, 2 * height font 'sans,9' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
  }
  set output stem . '.' . format
  set lmargin at screen 1.0 * left_pixels / width
  set rmargin at screen (left_pixels + mse_x) / width
  set bmargin at screen 1.0 * bottom_pixels / height
  set tmargin at screen 1 - 1.0 * top_pixels / height
  # the colours stand along the axis of the MSE
  set colorbox user origin screen (left_pixels + mse_x + 6.0) / width, screen (bottom_pixels + 0.05 * plot_height) / height size screen 12.0 / width, screen 0.9 * plot_height / height noborder
  unset label
  unset arrow
  set label 91 title_text at screen 16.0 / width, screen 1 - 20.0 / height left font (format eq 'svg' ? ',14' : ',10.5') noenhanced
  set label 92 subtitle at screen 16.0 / width, screen 1 - 42.0 / height left tc rgb '#505050' noenhanced
  set label 93 note_text at screen 16.0 / width, screen (note_pixels - 5.0) / height left tc rgb '#505050' noenhanced
  set label 1 'test MSE' at mse_x, graph 0 center offset 0, -0.9 noenhanced
  set arrow 1 from mse_x, graph 0 to mse_x, graph 1 nohead lc rgb '#404040' lw 1
  if (best) {
    best_place = (note_pixels + 18.0 * lines_of(best_text) - 6) / height
    set arrow 2 from screen 16.0 / width, screen best_place to screen 46.0 / width, screen best_place nohead lw 3 lc rgb '#d55e00'
    set label 2 best_text at screen 54.0 / width, screen best_place left noenhanced
  }
  plot data index 0 using 1:2:3:4:5 with vectors nohead lw 1.3 lc palette notitle, \
       for [i = 1:best] data index 0 using ($6 > 0 ? $1 : NaN):2:3:4 with vectors nohead lw 5.5 lc rgb '#ffffff' notitle, \
       for [i = 1:best] data index 0 using ($6 > 0 ? $1 : NaN):2:3:4 with vectors nohead lw 3 lc rgb '#d55e00' notitle, \
       data index 3 using (inner($1)):(0):(0):(1) with vectors nohead lw 1 lc rgb '#a0a0a0' notitle, \
       data index 3 using 2:(0):(0):(1) with vectors nohead lw 1 lc rgb '#a0a0a0' notitle, \
       data index 1 using (inner($4)):(mark_from($2, $6)):(mark_right($6)):(mark_up($6)) with vectors nohead lw 3 lc rgb '#404040' notitle, \
       data index 1 using 5:(mark_from($2, $6)):(-mark_right($6)):(mark_up($6)) with vectors nohead lw 3 lc rgb '#404040' notitle, \
       for [i = 1:best] data index 4 using (inner($1)):2 with points pt 13 ps 1.1 lc rgb '#d55e00' notitle, \
       data index 1 using 1:($2 + 8.5 * (lines_of(strcol(3)) - 1) / plot_height):3 with labels notitle, \
       data index 2 using (mse_x):1:(4):(0) with vectors nohead lw 1 lc rgb '#404040' notitle, \
       for [i = 1:hover] data index 4 + best using 1:2:3 with labels hypertext point pt 7 ps 0.4 lc rgb '#08306b' notitle, \
       data index 2 using (mse_x):1:2 with labels left offset 2.6, 0 notitle, \
       data index 3 using (($1 + $2) / 2):(0):3 with labels offset 0, -0.9 notitle
  unset output
}
