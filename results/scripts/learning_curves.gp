# Learning curves: training loss, validation and test MSE against the epoch,
# means over seeds and folds, as far as all of them ran; a band from the least to
# the largest test MSE. One panel per architecture, with the test MSE of the others
# in grey. Without numbers a training loss, such as a likelihood, is left out.
#
#   gnuplot -c learning_curves.gp [DATA.tsv [FORMATS]]
#
# FORMATS: any of svg, png and text, parted by blanks. Pictures are named after
# the data; text goes to standard output. The variables above the script say
# what is drawn: title_text, subtitle (the question), note_text, the range y_low, y_high, cut (some trials ran
# longer) and hover (svg: row:epoch as hypertext).
#
# DATA, one block per architecture: its label, then lines of
#       epoch, n, training loss, validation MSE, test MSE, least, largest, row:epoch
if (exists("ARGC")) if (ARGC >= 1) data = ARG1
if (exists("ARGC")) if (ARGC >= 2) formats = ARG2
if (!exists("data")) data = 'learning_curves.tsv'
if (!exists("formats")) formats = 'svg'
if (!exists("title_text")) title_text = 'learning curves'
if (!exists("subtitle")) subtitle = ''
if (!exists("note_text")) note_text = ''
if (!exists("cut")) cut = 0
if (!exists("hover")) hover = 0

stem = data[1:strlen(data) - 4]

# A label stands alone on its line, the numbers after it.
greater(a, b) = a > b ? a : b
first_line(s) = strstrt(s, "\n") > 0 ? s[1:strstrt(s, "\n") - 1] : s
other_lines(s) = strstrt(s, "\n") > 0 ? s[strstrt(s, "\n") + 1:strlen(s)] : ''
longest_line(s) = strlen(s) == 0 ? 0 : greater(strlen(first_line(s)), longest_line(other_lines(s)))
lines_of(s) = strlen(s) == 0 ? 0 : 1 + lines_of(other_lines(s))
joined(s) = strstrt(s, "\n") > 0 ? first_line(s) . ' ' . joined(other_lines(s)) : s
low = 1e300
high = -1e300
see(x) = x == x ? (low = x < low ? x : low, high = greater(high, x), 1) : 0
longest = 0
label_lines = 1
training = 0
validation = 0
look(line) = (longest = greater(longest, longest_line(strcol(1))), label_lines = greater(label_lines, lines_of(strcol(1))), \
              see(column(5)) + see(column(6)) + see(column(7)), \
              training = see(column(3)) ? 1 : training, \
              validation = see(column(4)) ? 1 : validation, 0)
stats data using (look(0)) nooutput name 'ALL'
stats data using 1 nooutput name 'EPOCH'
blocks = int(EPOCH_blocks)
if (!exists("y_low")) y_low = low
if (!exists("y_high")) y_high = high
margin = 0.05 * greater(y_high - y_low, 0.01 * abs(y_high))
if (high > y_high + margin) { note_text = note_text . (strlen(note_text) > 0 ? '; ' : '') . 'some curves start above the plot' }
header_pixels = 36 + 18 * lines_of(subtitle)
note_pixels = strlen(note_text) > 0 ? 6 + 18 * lines_of(note_text) : 0
header_width = 32 + greater(8.4 * strlen(title_text), 7.0 * greater(longest_line(subtitle), longest_line(note_text)))
panel_title = ''
# gnuplot draws a band beyond the axis where both of its edges leave the plot.
within(y) = y > y_high + margin ? y_high + margin : y

set xlabel 'epoch' noenhanced
set xrange [EPOCH_min:greater(EPOCH_max, EPOCH_min + 1)]
set yrange [y_low - margin:y_high + margin]
if (EPOCH_max - EPOCH_min < 10) set xtics 1
set xtics nomirror out
set ytics nomirror out
set grid xtics ytics lc rgb '#e0e0e0' lt 1
set border 3 lc rgb '#404040'

panels = blocks > 4 ? 3 : blocks > 1 ? 2 : 1
rows = int((blocks + panels - 1) / panels)
left_pixels = 84
apart = 24
inside = blocks > 1 ? greater(330, 7.4 * longest + 10) : greater(640, 7.4 * longest + 10)
tall = blocks > 1 ? 210 : 340
head = 24 + 18 * label_lines
foot = 62
width = int(greater(panels * (left_pixels + inside) + apart, header_width))
entries = 1 + training + validation + (blocks > 1)
top_pixels = header_pixels + 6
bottom_pixels = 24 + 18 * entries + note_pixels
height = int(top_pixels + rows * (head + tall + foot) + bottom_pixels)

do for [format in formats] {
  if (format eq 'text') {
    set print '-'
    print title_text . (strlen(subtitle) > 0 ? "\n" . subtitle : '') . (strlen(note_text) > 0 ? "\n" . note_text : '')
    set terminal dumb size text_columns, 26 noenhanced
    set output
    unset grid
    set ylabel 'test MSE'
    set key outside below center horizontal noenhanced
    plot for [i = 0:blocks - 1] data index i using 1:5 with lines lt i + 1 title sprintf('%d', i + 1)
    do for [i = 0:blocks - 1] {
      stats data index i every ::0::0 using (panel_title = strcol(1), 0) nooutput name 'PANEL'
      print sprintf('  %d  %s', i + 1, joined(panel_title))
    }
  } else {
    if (format eq 'svg') {
      set terminal svg size width, height font 'sans-serif,12' background rgb 'white' noenhanced
    } else {
      set terminal pngcairo size 2 * width, 2 * height font 'sans,9' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
    }
    set output stem . '.' . format
    unset ylabel
    unset label
    set multiplot
    do for [i = 0:blocks - 1] {
      column_of = i % panels
      row_of = int(i / panels)
      left = column_of * (left_pixels + inside) + left_pixels
      top = height - top_pixels - row_of * (head + tall + foot) - head
      set lmargin at screen 1.0 * left / width
      set rmargin at screen 1.0 * (left + inside) / width
      set tmargin at screen 1.0 * top / height
      set bmargin at screen (top - tall * 1.0) / height
      stats data index i every ::0::0 using (panel_title = strcol(1), 0) nooutput name 'PANEL'
      set title panel_title noenhanced
      unset key
      unset label
      unset ylabel
      if (i == 0) {
        set label 91 title_text at screen 16.0 / width, screen 1 - 20.0 / height left font (format eq 'svg' ? ',14' : ',10.5') noenhanced
        set label 92 subtitle at screen 16.0 / width, screen 1 - 42.0 / height left tc rgb '#505050' noenhanced
        set label 93 note_text at screen 16.0 / width, screen (note_pixels - 5.0) / height left tc rgb '#505050' noenhanced
      }
      if (column_of == 0) { set ylabel 'MSE (squared rating points)' offset 1, 0 noenhanced }
      last = i == blocks - 1
      if (last) { set key at screen 0.5, screen (bottom_pixels - 8.0) / height center top Left reverse vertical maxcols 1 noenhanced samplen 4 }
      plot for [k = 0:blocks - 1] data index k using 1:5 with lines lc rgb '#c8c8c8' lw 1 notitle, \
           data index i using 1:(within($6)):(within($7)) with filledcurves lc 3 fs transparent solid 0.25 noborder notitle, \
           data index i using 1:3 with lines lc 7 dt 2 lw 1.5 notitle, \
           data index i using 1:4 with lines lc 4 dt 4 lw 2 notitle, \
           data index i using 1:5 with lines lc 6 lw 2 notitle, \
           for [h = 1:hover] data index i using 1:5:8 with labels hypertext point pt 7 ps 0.3 lc 6 notitle, \
           for [k = 1:last] keyentry with lines lc 6 lw 2 title 'test MSE' . (cut ? ', as far as all trials ran' : '') . ' (band: lowest to highest)', \
           for [k = 1:last && training] keyentry with lines lc 7 dt 2 lw 1.5 title 'training loss (mean during the epoch)', \
           for [k = 1:last && validation] keyentry with lines lc 4 dt 4 lw 2 title 'validation MSE', \
           for [k = 1:last && blocks > 1] keyentry with lines lc rgb '#c8c8c8' lw 1 title 'test MSE in the other panels'
    }
    unset multiplot
    unset output
  }
}
