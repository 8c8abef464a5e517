/**
 * Begins a run unless there is one of its id, and says what is known of it; `no-cwd` or `no-command` and the kernel's number where it could not be
 * begun, `full` where the disk is. Arguments: directory, id, bytes to keep of the front and of the back, whether errors are apart, seconds or 0, the
 * time, nonce. On its input: lengths and texts, see `runPayload`.
 */
export const START = String.raw`
my ($id, $head, $tail, $apart, $timeout, $at, $nonce) = @asked;
my $umask = umask 077;
# What it was left by who began it, the program is not to have, nor who keeps it.
if (opendir my $open, "/proc/self/fd") {
  my @inherited = grep { /^\d+$/ && $_ > 2 && $_ != fileno $uptime } readdir $open;
  closedir $open;
  for (@inherited) { my $fh; close $fh if open $fh, "<&=", $_ }
}
my $given = "";
while (sysread STDIN, $given, 1 << 18, length $given) { }
my @texts;
for (my $from = 0; (my $colon = index $given, ":", $from) >= 0;) {
  my $length = substr $given, $from, $colon - $from;
  push @texts, substr $given, $colon + 1, $length;
  $from = $colon + 1 + $length;
}
# What was cut off is not begun.
@texts > 3 && $texts[-1] eq "end" or die "its input was cut off\n";
my ($cwd, $stdin, $count) = splice @texts, 0, 3;
my @argv = splice @texts, 0, $count;
for (keys %ENV) { $ENV{$1} = delete $ENV{$_} if /^WS_KEPT_(\w+)$/ }
my %env = map { /^([^=]+)=(.*)$/s ? ($1, $2) : () } @texts;

make_base();
if (lstat "$base/$id") {
  my $known = describe($id);
  answer($known) if $known ne "";
  discard("$base/$id");
}
pipe my $told, my $tell or die;
my $keeper = fork;
defined $keeper or die "fork: $!\n";
if (!$keeper) {
  close $told;
  keep($id, { cwd => $cwd, stdin => $stdin, argv => \@argv, env => \%env, head => $head, tail => $tail, apart => $apart,
    timeout => $timeout, at => $at, nonce => $nonce, umask => $umask }, $tell);
  exit 0;
}
close $tell;
my $said = "";
while (sysread $told, $said, 4096, length $said) { }
$said = describe($id) if $said eq "taken";
die $said eq "" ? "its keeper ended\n" : $said if $said eq "" || $said =~ /^failed/;
answer($said =~ /\n$/ ? $said : "$said\n");
`;
