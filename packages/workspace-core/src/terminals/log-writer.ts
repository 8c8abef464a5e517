/**
 * Appends what it reads to the log, and gives the oldest bytes back once more than a block is over the limit. It notes
 * the new start before that: who reads a zero and then finds the start behind it has read the truth. In Perl, which is
 * wherever git is, because a shell would start a program for every few blocks. Arguments: bytes to keep, nonce.
 *
 * tmux takes whatever a program prints. So that a reader which keeps reading misses nothing, tmux is halted for moments
 * while all readers are behind, and the program waits as it does for a slow terminal. The moments are short, because a
 * halted tmux takes no keys either; a reader that does not move holds up nothing.
 */
export const LOG_WRITER = String.raw`
use strict;
use Fcntl qw(:DEFAULT :flock);
my ($keep, $nonce) = @ARGV;
my $tmux = getppid;
open my $lock, '>', 'lock' or die;
flock $lock, LOCK_EX;
open my $log, '>>:raw', 'log' or die;
binmode STDIN;
my $size = -s $log;
my $start = $size;
my ($checked, $last, $still) = ($size, 0, 0);

sub note { my ($name, $text) = @_; open my $file, '>', "$name.new" or return; print $file $text; close $file and rename "$name.new", $name }
# On a full disk there is no room but its own.
sub overwrite { my ($name, $text) = @_; open my $file, '+<', $name or return; syswrite $file, $text }
sub first_line { my ($name) = @_; open my $file, '<', $name or return ''; my $line = <$file>; chomp $line; $line }
sub rest { select undef, undef, undef, $_[0] }

sub drop {
  my ($to) = @_;
  return if $to <= $start;
  note('start', "$to\n") or overwrite('start', "$to\n") or return;
  system 'fallocate', '-p', '-o', $start, '-l', $to - $start, 'log';
  $start = $to;
}

# Not in every Perl; a second is precise enough to follow what was done.
my $now = eval { require Time::HiRes; \&Time::HiRes::time } || sub { time };

# In one piece, because the size is added by others. What does not fit any longer ends it.
sub record {
  my ($bytes) = @_;
  sysopen my $file, 'recording', O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK or return;
  my $piece = sprintf("o %.0f %d\n", $now->() * 1000, length $bytes) . $bytes;
  my $written = -s $file < 67108864 ? syswrite $file, $piece : 0;
  rename 'recording', 'recorded' if ($written // 0) != length $piece;
}

sub append {
  my ($bytes) = @_;
  for (my $tries = 0; length $bytes && $tries < 2; ) {
    my $written = syswrite $log, $bytes;
    if (defined $written) { substr($bytes, 0, $written) = ''; $size += $written; next }
    # A full disk: better to forget than to stop the program.
    drop $size - int($keep / 8);
    $tries += 1;
  }
}

# Whether every reader is behind, and where the furthest is; undefined where nobody reads.
sub behind {
  my ($device, $inode) = stat $log;
  my $at;
  for my $reader (glob 'reader.*') {
    my ($pid) = $reader =~ /(\d+)$/;
    if (!-d "/proc/$pid") { unlink $reader; next }
    for my $fd (3 .. 12) {
      my ($d, $i) = stat "/proc/$pid/fd/$fd" or next;
      next if $d != $device || $i != $inode;
      my ($place) = first_line("/proc/$pid/fdinfo/$fd") =~ /(\d+)/ or last;
      $at = $place if !defined $at || $place > $at;
      last;
    }
  }
  return defined $at && $size - $at > $keep / 4 ? $at : undef;
}

sub brake {
  my $at = behind;
  return if !defined $at;
  $still = 0 if $at != $last;
  ($last, $still) = ($at, $still + 1);
  return if $still > 10;
  kill 'STOP', $tmux;
  for (1 .. 10) { rest 0.02; last if !defined behind }
  kill 'CONT', $tmux;
}

note 'server', "$tmux\n";
note 'ready', '';
while (sysread STDIN, my $bytes, 262144) {
  record $bytes if -e 'recording';
  append $bytes;
  drop $size - $keep if $size - $start > $keep + 4194304;
  if ($size - $checked > 262144) { $checked = $size; brake }
  # A flood comes in small pieces; everybody after this has less to do where they are taken together.
  rest 0.002 if length $bytes >= 4000;
}
my $code = first_line 'code';
my (undef, $mine) = split ' ', first_line 'meta';
exit if $mine ne $nonce;
note 'exit', ($code eq '' ? 129 : $code) . " $size\n";
syswrite $log, "\0\0ws-end:$nonce\0";
`;
