# Kernel speed of several machines on one axis: for each kernel and shape a dot
# for what each machine's best instruction set reached, and an upright bar for
# its limit.
#
#   gnuplot kernel_speed_dense.gp
#
# The variables above the script say what is drawn: formats (any of svg and png,
# parted by blanks), title_text, subtitle, unit, shapes and left_out (lines below the
# picture), machines, machine_N and build_N, height_of_lines (pixels), low and high
# (the range of rates and roofs).
#
# DATA, block 0: middle of a line, its name, slowest and fastest rate
#       block 1: borders between kernels
#       block 1 + machine, from 1: y, rate, roof
stem = data[1:strlen(data) - 4]

colour(m) = int(word('6 7 4 2 3 5 8 1', m))
lines_of(s) = strlen(s) == 0 ? 0 : 1 + (strstrt(s, "\n") > 0 ? lines_of(s[strstrt(s, "\n") + 1:strlen(s)]) : 0)
longest = 0
stats data index 0 using (longest = strlen(strcol(2)) > longest ? strlen(strcol(2)) : longest, $1) nooutput

logarithmic = high > 5 * low
label_pixels = 6.8 * longest + 24
panel_pixels = 640
key_top = 40.0 + 17 * lines_of(subtitle)
top_pixels = key_top + 17 * machines + 8
bottom_pixels = 102
width = int(label_pixels + panel_pixels + 24)
height = int(top_pixels + height_of_lines + bottom_pixels)
edge = logarithmic ? low / 1.25 : 0
end = logarithmic ? high * 1.25 : high * 1.08

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
    set terminal pngcairo size 2 * width, 2 * height font 'sans,8' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
  }
  set output stem . '.' . format
  set tmargin at screen 1 - 1.0 * top_pixels / height
  set bmargin at screen 1.0 * bottom_pixels / height
  set lmargin at screen label_pixels / width
  set rmargin at screen (label_pixels + panel_pixels) / width
  set label 1 title_text . (strlen(subtitle) > 0 ? "\n" . subtitle : '') at screen 0.5, screen 1 - 16.0 / height center
  # the key, by hand: pixels from the left, a key of gnuplot lies over the axis
  do for [m = 1:machines] {
    set label 10 + m value(sprintf('machine_%d', m)) . ': ' . value(sprintf('build_%d', m)) at screen 20.0 / width, screen 1 - (key_top + 17.0 * (m - 1)) / height left offset 1.2, 0 point pt 7 ps 0.8 lc colour(m)
  }
  set label 2 'dot: median of the fastest instruction set; bar: its limit, measured in the same run' at screen 20.0 / width, screen 52.0 / height left
  set label 3 shapes at screen 20.0 / width, screen 34.0 / height left
  set label 4 left_out at screen 20.0 / width, screen 16.0 / height left
  plot data index 1 using (edge):1:(end - edge):(0) with vectors nohead lc rgb '#b0b0b0' notitle, \
       data index 0 using 3:1:($4 - $3):(0) with vectors nohead lc rgb '#d0d0d0' lw 2 notitle, \
       for [m = 1:machines] data index 1 + m using 3:($1 - 4):(0):(8) with vectors nohead lc colour(m) lw 1.6 notitle, \
       for [m = 1:machines] data index 1 + m using 2:1 with points pt 7 ps 0.55 lc colour(m) notitle, \
       data index 0 using (edge):1:ytic(2) with dots lc rgb 'white' notitle
  unset output
}
