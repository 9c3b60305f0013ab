# Kernel speed: for each kernel and shape what each instruction set reached, a
# dot, and its limit, an upright bar. Of one machine; kernel_speed_machines.gp
# draws several.
#
#   gnuplot kernel_speed_dense.gp
#
# The variables above the script say what is drawn: formats (any of svg and png,
# parted by blanks), title_text, subtitle, unit, shapes (what they mean), isas (parted by blanks),
# machine_1 and build_1, height_of_lines (pixels), low and high (the range of rates
# and roofs).
#
# DATA, block 0: middle, shape, lower edge of a line
#       block 1: top, kernel
#       block 2 + instruction set, from 0: y, rate, roof
stem = data[1:strlen(data) - 4]

colour(isa) = isa eq 'scalar' ? 1 : isa eq 'neon' ? 4 : isa eq 'avx2' ? 6 : 7
count = words(isas)
lines_of(s) = strlen(s) == 0 ? 0 : 1 + (strstrt(s, "\n") > 0 ? lines_of(s[strstrt(s, "\n") + 1:strlen(s)]) : 0)
longest = 0
stats data index 0 using (longest = strlen(strcol(2)) > longest ? strlen(strcol(2)) : longest, $1) nooutput

logarithmic = high > 5 * low
label_pixels = 7.5 * longest + 24
panel_pixels = 480
top_pixels = 74 + 17 * lines_of(subtitle)
bottom_pixels = 138
key_pixels = 74.0
width = int(label_pixels + panel_pixels + 34)
height = int(top_pixels + height_of_lines + bottom_pixels)
key_place = key_pixels / height

if (logarithmic) {
  set logscale x
  set xrange [low / 1.25:high * 1.25]
  edge = low / 1.25
} else {
  set xrange [0:high * 1.08]
  edge = 0
}
set yrange [height_of_lines:0]
set format x '%.6g'
if (logarithmic) set xtics (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) nomirror out
if (!logarithmic) set xtics nomirror out
set grid xtics lc rgb '#e0e0e0' lt 1
unset key
set border 1 lc rgb '#404040'

do for [format in formats] {
  if (format eq 'svg') {
    set terminal svg size width, height font 'sans-serif,12' background rgb 'white' noenhanced
  } else {
    set terminal pngcairo size 2 * width, 2 * height font 'sans,9' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
  }
  set output stem . '.' . format
  set tmargin at screen 1 - 1.0 * top_pixels / height
  set bmargin at screen 1.0 * bottom_pixels / height
  set lmargin at screen label_pixels / width
  set rmargin at screen (label_pixels + panel_pixels) / width
  # the key, by hand: pixels from the left, a key of gnuplot lies over the axis
  do for [i = 1:count] {
    set label 10 + i word(isas, i) at screen (20.0 + 90 * (i - 1)) / width, screen key_place left offset 1.2, 0 point pt 7 ps 0.8 lc colour(word(isas, i))
  }
  set label 20 'dot: measured median' at screen (20.0 + 90 * count) / width, screen key_place left
  set label 21 'bar: its limit, the FMA peak or the bandwidth of the cache or memory' at screen 20.0 / width, screen key_place - 18.0 / height left
  set label 22 'that holds the operands, measured in the same run' at screen 20.0 / width, screen key_place - 34.0 / height left
  set label 23 shapes at screen 20.0 / width, screen key_place - 50.0 / height left
  set label 1 title_text . (strlen(subtitle) > 0 ? "\n" . subtitle : '') at screen 0.5, screen 1 - 16.0 / height center
  set label 2 machine_1 . "\n" . build_1 at graph 0.5, screen 1 - (top_pixels - 34.0) / height center
  set xlabel unit . (logarithmic ? ' (log scale)' : '') noenhanced
  set ytics scale 0 (' ' 0)
  plot data index 0 using (edge):3:(high * 2):(0) with vectors nohead lc rgb '#eeeeee' notitle, \
       data index 1 using (edge):1:(high * 2):(0) with vectors nohead lc rgb '#b0b0b0' notitle, \
       data index 1 using (edge):($1 + 12):2 with labels left offset 0.4, 0 notitle, \
       for [i = 1:count] data index 1 + i using 2:1:($3 - $2):(0) with vectors nohead lc colour(word(isas, i)) lw 0.5 dt 3 notitle, \
       for [i = 1:count] data index 1 + i using 3:($1 - 4):(0):(8) with vectors nohead lc colour(word(isas, i)) lw 1.6 notitle, \
       for [i = 1:count] data index 1 + i using 2:1 with points pt 7 ps 0.55 lc colour(word(isas, i)) notitle, \
       data index 0 using (edge):1:ytic(2) with dots lc rgb 'white' notitle
  unset output
}
