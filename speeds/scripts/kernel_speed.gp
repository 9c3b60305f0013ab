# Kernel speed on one axis: for each kernel and shape a point for what each
# instruction set of a machine reached, or the fastest one of each machine, and an
# upright bar for its limit.
#
#   gnuplot kernel_speed_dense.gp
#
# The variables above the script say what is drawn: formats (any of svg and png,
# parted by blanks), title_text, subtitle (the question), note_text, unit, shapes (what
# they mean), series with series_N and colour_N, abreast (how many of their names in
# a line), height_of_lines and line_height (pixels), low and high (the range of rates
# and roofs).
#
# DATA, block 0: middle of a line, its name, slowest and fastest rate
#       block 1: borders between kernels
#       block 1 + series, from 1: y, rate, roof
stem = data[1:strlen(data) - 4]

greater(a, b) = a > b ? a : b
first_line(s) = strstrt(s, "\n") > 0 ? s[1:strstrt(s, "\n") - 1] : s
other_lines(s) = strstrt(s, "\n") > 0 ? s[strstrt(s, "\n") + 1:strlen(s)] : ''
longest_line(s) = strlen(s) == 0 ? 0 : greater(strlen(first_line(s)), longest_line(other_lines(s)))
lines_of(s) = strlen(s) == 0 ? 0 : 1 + lines_of(other_lines(s))
# A series has a shape too, so that it is told apart in grey.
mark(s) = int(word('7 5 9 13 11 15 2 1', s))
colour(s) = value(sprintf('colour_%d', s))
series = int(series)
longest = 0
stats data index 0 using (longest = greater(longest, strlen(strcol(2))), $1) nooutput
key_long = 0
do for [s = 1:series] { key_long = greater(key_long, strlen(value(sprintf('series_%d', s)))) }

header_pixels = 36 + 18 * lines_of(subtitle)
note_pixels = strlen(note_text) > 0 ? 6 + 18 * lines_of(note_text) : 0
header_width = 32 + greater(8.4 * strlen(title_text), 7.0 * greater(longest_line(subtitle), longest_line(note_text)))

logarithmic = high > 5 * low
label_pixels = 6.8 * longest + 24
panel_pixels = 640
key_top = header_pixels + 10.0
top_pixels = key_top + 17 * int((series + abreast - 1) / abreast) + 8
bottom_pixels = 90 + note_pixels
width = int(greater(label_pixels + panel_pixels + 24, greater(header_width, 40 + 6.6 * abreast * (key_long + 4))))
height = int(top_pixels + height_of_lines + bottom_pixels)
edge = logarithmic ? low / 1.25 : 0
end = logarithmic ? high * 1.25 : high * 1.08
# Bars that meet stand one above the other: each has its part of the line's height.
bar_from(y, s) = y - 0.5 * (line_height - 2) + (line_height - 2) * (s - 1) / series
bar_high = (line_height - 2) / series

if (logarithmic) set logscale x
set xrange [edge:end]
set yrange [height_of_lines:0]
set format x '%.6g'
if (logarithmic) set xtics (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) nomirror out
if (!logarithmic) set xtics nomirror out
set ytics scale 0 (' ' 0)
set grid xtics lc rgb '#e0e0e0' lt 1
unset key
set border 1 lc rgb '#404040'
set xlabel unit . (logarithmic ? ' (log scale)' : '') noenhanced

do for [format in formats] {
  if (format eq 'svg') {
    set terminal svg size width, height font 'sans-serif,11' background rgb 'white' noenhanced
  } else {
    set terminal pngcairo size 2 * width, 2 * height font 'sans,8.25' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
  }
  set output stem . '.' . format
  set tmargin at screen 1 - 1.0 * top_pixels / height
  set bmargin at screen 1.0 * bottom_pixels / height
  set lmargin at screen label_pixels / width
  set rmargin at screen (label_pixels + panel_pixels) / width
  set label 91 title_text at screen 16.0 / width, screen 1 - 20.0 / height left font (format eq 'svg' ? ',14' : ',10.5') noenhanced
  set label 92 subtitle at screen 16.0 / width, screen 1 - 42.0 / height left tc rgb '#505050' font (format eq 'svg' ? ',12' : ',9') noenhanced
  set label 93 note_text at screen 16.0 / width, screen (note_pixels - 5.0) / height left tc rgb '#505050' noenhanced
  # the key, by hand: pixels from the left, a key of gnuplot lies over the axis
  do for [s = 1:series] {
    key_x = 22.0 + 6.6 * (key_long + 4) * ((s - 1) % abreast)
    key_y = key_top + 17.0 * int((s - 1) / abreast)
    set label 10 + s value(sprintf('series_%d', s)) at screen key_x / width, screen 1 - key_y / height left offset 1.4, -0.15 point pt mark(s) ps 0.8 lc colour(s)
  }
  set label 2 'point: measured median; bar: its limit, the FMA peak or the bandwidth of what holds the operands, measured in the same run' at screen 16.0 / width, screen (note_pixels + 32.0) / height left
  set label 3 shapes at screen 16.0 / width, screen (note_pixels + 14.0) / height left
  plot data index 1 using (edge):1:(end - edge):(0) with vectors nohead lc rgb '#b0b0b0' notitle, \
       data index 0 using 3:1:($4 - $3):(0) with vectors nohead lc rgb '#d0d0d0' lw 2 notitle, \
       for [s = 1:series] data index 1 + s using 3:(bar_from($1, s)):(0):(bar_high) with vectors nohead lc colour(s) lw 1.8 notitle, \
       for [s = 1:series] data index 1 + s using 2:1 with points pt mark(s) ps 0.6 lc colour(s) notitle, \
       data index 0 using (edge):1:ytic(2) with dots lc rgb 'white' notitle
  unset output
}
