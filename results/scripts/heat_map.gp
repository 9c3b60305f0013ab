# Test MSE over two keys: a cell a combination.
#
#   gnuplot -c heat_map.gp [DATA.tsv [FORMATS]]
#
# FORMATS: any of svg, png and text, parted by blanks. Pictures are named after
# the data; text goes to standard output. The variables above the script say
# what is drawn: title_text, subtitle (the question), note_text, x_text, y_text, marked (whether a cell is the
# best) and hover (svg: rows as hypertext).
#
# DATA, block 0: x, y, test MSE, whether of the lowest validation MSE, row
#       block 1: x and its text; block 2: y and its text
if (exists("ARGC")) if (ARGC >= 1) data = ARG1
if (exists("ARGC")) if (ARGC >= 2) formats = ARG2
if (!exists("data")) data = 'heat_map.tsv'
if (!exists("formats")) formats = 'svg'
if (!exists("title_text")) title_text = 'test MSE'
if (!exists("subtitle")) subtitle = ''
if (!exists("note_text")) note_text = ''
if (!exists("x_text")) x_text = ''
if (!exists("y_text")) y_text = ''
if (!exists("marked")) marked = 0
if (!exists("hover")) hover = 0

stem = data[1:strlen(data) - 4]

greater(a, b) = a > b ? a : b
first_line(s) = strstrt(s, "\n") > 0 ? s[1:strstrt(s, "\n") - 1] : s
other_lines(s) = strstrt(s, "\n") > 0 ? s[strstrt(s, "\n") + 1:strlen(s)] : ''
longest_line(s) = strlen(s) == 0 ? 0 : greater(strlen(first_line(s)), longest_line(other_lines(s)))
lines_of(s) = strlen(s) == 0 ? 0 : 1 + lines_of(other_lines(s))
joined(s) = strstrt(s, "\n") > 0 ? first_line(s) . ' ' . joined(other_lines(s)) : s
x_lines = 1
x_long = 0
y_lines = 1
y_long = 0
stats data index 1 using (x_lines = greater(x_lines, lines_of(strcol(2))), x_long = greater(x_long, longest_line(strcol(2))), $1) nooutput name 'X'
stats data index 2 using (y_lines = greater(y_lines, lines_of(strcol(2))), y_long = greater(y_long, longest_line(strcol(2))), $1) nooutput name 'Y'
stats data index 0 using 3 nooutput name 'MSE'
columns = int(X_max) + 1
rows = int(Y_max) + 1
low = MSE_min
high = MSE_max > MSE_min ? MSE_max : MSE_min * 1.001

header_pixels = 36 + 18 * lines_of(subtitle)
note_pixels = strlen(note_text) > 0 ? 6 + 18 * lines_of(note_text) : 0
header_width = 32 + greater(8.4 * strlen(title_text), 7.0 * greater(longest_line(subtitle), longest_line(note_text)))
set xlabel x_text noenhanced
set ylabel y_text noenhanced
set xrange [-0.5:columns - 0.5]
set yrange [-0.5:rows - 0.5]
set xtics scale 0 noenhanced
set ytics scale 0 noenhanced
unset key
set border 0
# Dark is low: the order stays in black and white
set palette defined (0 '#0b2d5c', 0.5 '#5b9bc8', 1 '#f4efdc')
set cbrange [low:high]
set format cb '%.4f'
set cbtics low, (high - low) / (rows > 2 ? 4.0 : 2.0), high out
ink(x) = x < low + 0.55 * (high - low) ? 0xfefefe : 0x010101

cell_x = greater(76, 7.6 * x_long + 8)
cell_y = greater(44, 17 * y_lines + 8)
left_pixels = 84 + 7.6 * y_long
right_pixels = 110
bottom_pixels = 50 + 17 * x_lines + 22 * marked + note_pixels
top_pixels = header_pixels + 28
width = int(greater(greater(560, header_width), left_pixels + columns * cell_x + right_pixels))
right_pixels = width - left_pixels - columns * cell_x
height = int(top_pixels + rows * cell_y + bottom_pixels)

do for [format in formats] {
  unset object
  unset label
  if (format eq 'text') {
    # Text has no room for long values: numbers stand for them. Columns that do
    # not fit beside each other follow below.
    y_numbered = y_long > 24
    room = text_columns - (y_numbered ? 2 : y_long) - 5
    x_numbered = x_long > 7 && columns * (x_long + 2) > room
    x_tick(s, n) = x_numbered ? sprintf('%d', n + 1) : s
    y_tick(s, n) = y_numbered ? sprintf('%d', n + 1) : s
    legend = ''
    list(name, s, n) = (legend = legend . sprintf("  %s %d: %s\n", name, n + 1, joined(s)), 0)
    if (x_numbered) { stats data index 1 using (list(x_text, strcol(2), $1)) nooutput name 'ALL' }
    if (y_numbered) { stats data index 2 using (list(y_text, strcol(2), $1)) nooutput name 'ALL' }
    set print '-'
    print title_text . (strlen(subtitle) > 0 ? "\n" . subtitle : '') . (strlen(note_text) > 0 ? "\n" . note_text : '')
    set lmargin (y_numbered ? 2 : y_long) + 3
    set rmargin 2
    set label 2 y_text at screen 0, screen 1 offset 0, -0.5 noenhanced
    text_cell = greater(9, x_numbered ? 2 : x_long + 2)
    beside = int(greater(1, room / text_cell))
    set terminal dumb size text_columns, 2 * rows + 7 + x_lines noenhanced
    set output
    unset ylabel
    unset colorbox
    do for [from = 0:columns - 1:beside] {
      set xrange [from - 0.5:(from + beside < columns ? from + beside : columns) - 0.5]
      shown(x) = x >= from && x < from + beside ? x : NaN
      plot data index 1 every ::from::from + beside - 1 using 1:(0):(''):xtic(x_tick(strcol(2), $1)) with labels notitle, \
           data index 2 using (from):1:(''):ytic(y_tick(strcol(2), $1)) with labels notitle, \
           data index 0 using (shown($1)):2:(sprintf('%.4f%s', $3, $4 > 0 ? '*' : '')) with labels notitle
    }
    if (strlen(legend) > 0) { print legend }
    if (marked) { print '  * lowest validation MSE' }
  } else {
    if (format eq 'svg') {
      set terminal svg size width, height font 'sans-serif,12' background rgb 'white' noenhanced
    } else {
      set terminal pngcairo size 2 * width, 2 * height font 'sans,9' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
    }
    set output stem . '.' . format
    set colorbox user origin screen 1 - (right_pixels - 18.0) / width, screen 1.0 * bottom_pixels / height size screen 14.0 / width, screen 1.0 * rows * cell_y / height
    set lmargin at screen left_pixels / width
    set rmargin at screen 1 - 1.0 * right_pixels / width
    set bmargin at screen 1.0 * bottom_pixels / height
    set tmargin at screen 1 - 1.0 * top_pixels / height
    if (marked) { set label 1 'outlined: lowest validation MSE' at screen 16.0 / width, screen (note_pixels + 14.0) / height left noenhanced }
    set label 2 'test MSE' at screen 1 - (right_pixels - 18.0) / width, screen 1 - (top_pixels - 18.0) / height left noenhanced
    set label 91 title_text at screen 16.0 / width, screen 1 - 20.0 / height left font (format eq 'svg' ? ',14' : ',10.5') noenhanced
    set label 92 subtitle at screen 16.0 / width, screen 1 - 42.0 / height left tc rgb '#505050' noenhanced
    set label 93 note_text at screen 16.0 / width, screen (note_pixels - 5.0) / height left tc rgb '#505050' noenhanced
    plot data index 1 using 1:(-9):xtic(2) with points notitle, \
         data index 2 using (-9):1:ytic(2) with points notitle, \
         data index 0 using 1:2:($1 - 0.49):($1 + 0.49):($2 - 0.48):($2 + 0.48):3 with boxxyerror fs solid 1 noborder lc palette notitle, \
         data index 0 using ($4 > 0 ? $1 : NaN):2:($1 - 0.49):($1 + 0.49):($2 - 0.48):($2 + 0.48) with boxxyerror lw 3.5 lc rgb '#d55e00' fs empty border notitle, \
         for [i = 1:hover] data index 0 using 1:2:5 with labels hypertext point pt 7 ps 0.2 lc rgb '#5b9bc8' notitle, \
         data index 0 using 1:2:(sprintf('%.4f', $3)):(ink($3)) with labels tc rgb variable notitle
    unset output
  }
}
