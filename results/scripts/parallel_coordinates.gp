# Parallel coordinates: one line per architecture, through its values and its MSE.
#
#   gnuplot -c parallel_coordinates.gp [DATA.tsv [FORMATS]]
#
# FORMATS: svg and png, parted by a blank. Pictures are named after the data.
# The variables above the script say what is drawn: title_text, subtitle (the question), note_text, mse_low,
# mse_high (of the colours) and best_text (when a line is of the lowest validation
# MSE).
#
# DATA, block 0: lines parted by a blank one: axis, height, test MSE, whether best, row
#       block 1: axis, height, text; block 2: axis, name
if (exists("ARGC")) if (ARGC >= 1) data = ARG1
if (exists("ARGC")) if (ARGC >= 2) formats = ARG2
if (!exists("data")) data = 'parallel_coordinates.tsv'
if (!exists("formats")) formats = 'svg'
if (!exists("title_text")) title_text = 'parallel coordinates'
if (!exists("subtitle")) subtitle = ''
if (!exists("note_text")) note_text = ''
if (!exists("best_text")) best_text = ''

stem = data[1:strlen(data) - 4]

greater(a, b) = a > b ? a : b
first_line(s) = strstrt(s, "\n") > 0 ? s[1:strstrt(s, "\n") - 1] : s
other_lines(s) = strstrt(s, "\n") > 0 ? s[strstrt(s, "\n") + 1:strlen(s)] : ''
longest_line(s) = strlen(s) == 0 ? 0 : greater(strlen(first_line(s)), longest_line(other_lines(s)))
lines_of(s) = strlen(s) == 0 ? 0 : 1 + lines_of(other_lines(s))
longest = 0
stats data index 1 using (longest = greater(longest, longest_line(strcol(3))), $2) nooutput name 'TICK'
name_lines = 1
stats data index 2 using (name_lines = greater(name_lines, lines_of(strcol(2))), $1) nooutput name 'AXIS'
stats data index 0 using 3 nooutput name 'MSE'
axes = int(AXIS_max)
if (!exists("mse_low")) mse_low = MSE_min
if (!exists("mse_high")) mse_high = MSE_max
if (mse_high <= mse_low) mse_high = mse_low * 1.001
best = strlen(best_text) > 0

header_pixels = 36 + 18 * lines_of(subtitle)
note_pixels = strlen(note_text) > 0 ? 6 + 18 * lines_of(note_text) : 0
header_width = 32 + greater(8.4 * strlen(title_text), 7.0 * greater(longest_line(subtitle), longest_line(note_text)))
set xrange [0:axes]
set yrange [0:1]
unset xtics
unset ytics
set border 0
set palette defined (0 '#0b2d5c', 0.35 '#3f7fb5', 1 '#d9dfe4')
set cbrange [mse_low:mse_high]
unset colorbox
set key center top Left reverse vertical maxcols 1 noenhanced samplen 4
set style textbox opaque noborder fillcolor rgb 'white' margins 0.4, 0.2

apart = greater(150, 7.6 * longest + 40)
right_pixels = greater(70, 4 * longest + 20)
left_pixels = right_pixels
bottom_pixels = 24 + 17 * name_lines + (best ? 34 + 17 * lines_of(best_text) : 0) + note_pixels
top_pixels = header_pixels + 18
width = int(left_pixels + axes * apart + right_pixels)
if (width < 640) width = 640
height = 420 + bottom_pixels + top_pixels

do for [format in formats] {
  if (format eq 'text') { continue }
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
  set key at screen 0.5, screen (bottom_pixels - 20.0 - 17 * name_lines) / height
  unset arrow
  set label 91 title_text at screen 16.0 / width, screen 1 - 20.0 / height left font (format eq 'svg' ? ',14' : ',10.5') noenhanced
  set label 92 subtitle at screen 16.0 / width, screen 1 - 42.0 / height left tc rgb '#505050' noenhanced
  set label 93 note_text at screen 16.0 / width, screen (note_pixels - 5.0) / height left tc rgb '#505050' noenhanced
  if (best) { set label 1 best_text at screen 30.0 / width, screen (bottom_pixels - 42.0 - 17 * name_lines) / height left noenhanced }
  do for [a = 0:axes] { set arrow from a, 0 to a, 1 nohead lc rgb '#404040' lw 1 back }
  plot data index 0 using 1:2:3 with lines lw 1.2 lc palette notitle, \
       for [i = 1:best] data index 0 using 1:($4 > 0 ? $2 : NaN) with lines lw 3.5 dt 5 lc rgb '#d55e00' title 'lowest validation MSE', \
       data index 1 using 1:2:3 with labels boxed notitle, \
       data index 2 using 1:(0):2 with labels offset 0, -0.9 notitle
  unset output
}
