# Roofline: operations per byte against operations per second, with the measured
# roofs of each machine and instruction set, a panel each; a numbered point per
# kernel, in the colour and shape of the level that holds its operands.
#
#   gnuplot roofline.gp
#
# The variables above the script say what is drawn: formats (any of svg and png,
# parted by blanks), title_text, subtitle (the question), note_text, x_low, x_high,
# y_low, y_high, panel_width and panel_height (pixels), kernels, panels, columns, rows
# (of panels), panel_N, name_N (of the machine, or empty), row_N (from 0).
#
# DATA, block 0: number, kernel and shape
#       then six blocks a panel: points (kernel, FLOP per byte, GFLOP/s, level that
#       holds the operands, number, place of the number, whether a line leads to it), the ends of the roofs
#       of L1, L2, L3 and memory, and of FMA
stem = data[1:strlen(data) - 4]

greater(a, b) = a > b ? a : b
first_line(s) = strstrt(s, "\n") > 0 ? s[1:strstrt(s, "\n") - 1] : s
other_lines(s) = strstrt(s, "\n") > 0 ? s[strstrt(s, "\n") + 1:strlen(s)] : ''
longest_line(s) = strlen(s) == 0 ? 0 : greater(strlen(first_line(s)), longest_line(other_lines(s)))
lines_of(s) = strlen(s) == 0 ? 0 : 1 + lines_of(other_lines(s))
# L1, L2, L3 and memory: podo's blue, green, orange, vermilion; FMA: grey
shade(level) = int(word('0x0072b2 0x009e73 0xe69f00 0xd55e00 0x404040', level))
roof_name(level) = word('L1 L2 L3 memory FMA', level)
# In grey the dashes and the shapes tell them apart.
dash(level) = int(word('1 2 4 3 1', level))
mark(level) = int(word('7 5 9 13', level))

header_pixels = 36 + 18 * lines_of(subtitle)
note_pixels = strlen(note_text) > 0 ? 6 + 18 * lines_of(note_text) : 0

left_pixels = 74
gap_x = 58
top_pixels = header_pixels + 6
name_pixels = 50
below_pixels = 56
key_pixels = 34
width = int(greater(940, left_pixels + columns * panel_width + (columns - 1) * gap_x + 24))
list_columns = int((width - left_pixels) / 290)
list_rows = int((kernels + list_columns - 1) / list_columns)
list_pixels = 17 * list_rows + 20 + note_pixels
row_pixels = name_pixels + panel_height + below_pixels
height = int(top_pixels + rows * row_pixels + key_pixels + list_pixels)
key_place = (list_pixels + 14.0) / height

set format xy '%.6g'

do for [format in formats] {
  if (format eq 'svg') {
    set terminal svg size width, height font 'sans-serif,12' background rgb 'white' noenhanced
  } else {
    set terminal pngcairo size 2 * width, 2 * height font 'sans,9' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
  }
  set output stem . '.' . format
  set multiplot
  set logscale xy
  set xrange [x_low:x_high]
  set yrange [y_low:y_high]
  set border 3 lc rgb '#404040'
  set xtics (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) nomirror out
  set ytics (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) nomirror out
  set grid xtics ytics lc rgb '#e8e8e8' lt 1
  set xlabel 'FLOP per byte (log scale)' noenhanced
  column = 0
  row_before = 0
  do for [p = 1:panels] {
    row = int(value(sprintf('row_%d', p)))
    column = row == row_before ? column : 0
    row_before = row
    left = left_pixels + column * (panel_width + gap_x)
    top = top_pixels + row * row_pixels + name_pixels
    set lmargin at screen left / width
    set rmargin at screen (left + panel_width) / width
    set tmargin at screen 1 - 1.0 * top / height
    set bmargin at screen 1 - 1.0 * (top + panel_height) / height
    unset label
    unset arrow
    if (p == 1) {
      # the key, by hand: pixels from the left
      set label 10 'roofs:' at screen 1.0 * left_pixels / width, screen key_place left
      do for [l = 1:5] {
        from = left_pixels + 10 + 100 * l - 50
        set arrow l from screen 1.0 * from / width, screen key_place to screen (from + 26.0) / width, screen key_place nohead lw 2 dt dash(l) lc rgb shade(l)
        set label 10 + l roof_name(l) at screen (from + 32.0) / width, screen key_place left
      }
      set label 20 'points: kernels, by the level that holds their operands:' at screen (left_pixels + 560.0) / width, screen key_place left
      do for [l = 1:4] {
        set label 20 + l roof_name(l) at screen (left_pixels + 860.0 + 46 * l) / width, screen key_place left offset 1.2, -0.15 point pt mark(l) ps 0.8 lc rgb shade(l)
      }
      set label 91 title_text at screen 16.0 / width, screen 1 - 20.0 / height left font (format eq 'svg' ? ',14' : ',10.5')
      set label 92 subtitle at screen 16.0 / width, screen 1 - 42.0 / height left tc rgb '#505050'
      set label 93 note_text at screen 16.0 / width, screen (note_pixels - 5.0) / height left tc rgb '#505050'
    }
    set label 2 value(sprintf('name_%d', p)) at screen 1.0 * left / width, screen 1 - (top - 32.0) / height left
    set label 3 value(sprintf('panel_%d', p)) at screen 1.0 * left / width, screen 1 - (top - 12.0) / height left tc rgb '#505050'
    if (column == 0) {
      set ylabel 'GFLOP/s (log scale)' noenhanced
    } else {
      unset ylabel
    }
    first = 1 + 6 * (p - 1)
    plot data index first + 5 using 1:2 with lines lw 2 lc rgb '#404040' notitle, \
         for [l = 1:4] data index first + l using 1:2 with lines lw 1.4 dt dash(l) lc rgb shade(l) notitle, \
         data index first using 2:3:($8 > 0 ? $6 - $2 : 0):($8 > 0 ? $7 - $3 : 0) with vectors nohead lw 0.7 lc rgb '#909090' notitle, \
         data index first using 2:3:(mark(int($4))):(shade(int($4))) with points pt variable ps 0.6 lc rgb variable notitle, \
         data index first using 6:7:(sprintf('%d', $5)) with labels font (format eq 'svg' ? ',11' : ',8.25') notitle
    column = column + 1
  }
  # the list of kernels
  unset label
  unset logscale
  unset xtics
  unset ytics
  unset xlabel
  unset ylabel
  unset border
  unset grid
  unset key
  set lmargin at screen 1.0 * left_pixels / width
  set rmargin at screen 1 - 24.0 / width
  set bmargin at screen (note_pixels + 10.0) / height
  set tmargin at screen (list_pixels - 10.0) / height
  set xrange [0:list_columns]
  set yrange [list_rows:0]
  plot data index 0 using (int(($1 - 1) / list_rows)):(int($1 - 1) % list_rows + 0.5):2 with labels left
  set format xy '%.6g'
  unset multiplot
  unset output
}
