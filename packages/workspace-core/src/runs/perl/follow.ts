/**
 * Says what a run printed, from an offset on, then live until it ends: for each piece a line with its offset and length, then its bytes; last `end`.
 * `none` where there is no such run. Ends with its input. Arguments: directory, id, stream, offset, `now` where only what is there by now is wanted.
 */
export const FOLLOW = String.raw`
my ($id, $stream, $at, $how) = @asked;
my $meta = meta_of($id) or answer("none\n");
my $inotify = call([294, 26], 0x80800);
my ($events, $told);
if ($inotify >= 0 && open $events, "<&=", $inotify) {
  # What is written, what is begun and what is put in place.
  my $where = "$base/$id";
  $told = call([254, 27], $inotify + 0, $where, 0x2 | 0x100 | 0x80) >= 0;
}
my ($fh, $first);
# Where a program prints faster than it is read, what is there by now would never be all.
my $until;
if (($how // "") eq "now") {
  my $last = (pieces($id, $stream))[-1];
  $until = defined $last ? $last + (-s "$base/$id/$stream.$last" // 0) : 0;
}
my $naps = 0;
sub put {
  my ($bytes) = @_;
  while (length $bytes) { my $wrote = syswrite STDOUT, $bytes; if ($wrote) { substr $bytes, 0, $wrote, "" } elsif ($! != 4) { exit 1 } }
}
# The next piece with the offset or behind it. One that goes while it is opened is looked for again.
sub enter {
  for (1 .. 100) {
    my @pieces = pieces($id, $stream);
    my ($here) = reverse grep { $_ <= $at && (!defined $first || $_ > $first) } @pieces;
    ($here) = grep $_ > $at, @pieces if !defined $here;
    return 0 if !defined $here;
    my $opened = open_file("$base/$id/$stream.$here");
    if (!$opened) { die "what it printed cannot be read\n" if lstat "$base/$id/$stream.$here"; next }
    ($fh, $first) = ($opened, $here);
    $at = $here if $here > $at;
    sysseek $fh, $at - $here, 0;
    return 1;
  }
  die "what it printed cannot be read\n";
}
# Everything that is there now.
sub pour {
  for (;;) {
    if ($fh) {
      while (my $got = sysread $fh, my $bytes, 1 << 17) { put("$at $got\n" . $bytes); $at += $got; return if defined $until && $at >= $until }
      # Where there is a next one, this one is whole, and was perhaps not a moment ago.
      return if !grep $_ > $first, pieces($id, $stream);
      while (my $got = sysread $fh, my $bytes, 1 << 17) { put("$at $got\n" . $bytes); $at += $got }
    }
    return if !enter();
  }
}
for (;;) {
  my $is_over = !lives($id, $meta);
  pour();
  if ($is_over) { exit_of($id) || lose($id, $meta); put("end\n"); exit 0 }
  if (defined $until) { put("end\n"); exit 0 }
  # Its keeper is about to go.
  if ($naps < 100 && exit_of($id)) { $naps += 1; rest(0.001); next }
  my $ready = "";
  vec($ready, 0, 1) = 1;
  vec($ready, fileno $events, 1) = 1 if $told;
  # The keeper's end may be nothing that is written.
  next if (select $ready, undef, undef, $told ? 1 : 0.05) <= 0;
  sysread $events, my $what, 65536 if $told && vec $ready, fileno $events, 1;
  exit 1 if vec($ready, 0, 1) && !sysread STDIN, my $nothing, 100;
}
`;
