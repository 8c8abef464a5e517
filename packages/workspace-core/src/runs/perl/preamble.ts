/*
 * What holds a workspace's runs: programs in Perl, run in the workspace as its user, with no more than Perl's base and Linux's /proc.
 * A run is a directory, which is there whole or not at all:
 *
 *   meta         the process that keeps the run and when that began, when the run did, and what its processes carry in WS_RUN
 *   output.N     what it printed, from byte N on; pieces in the middle are taken away once there is too much. errors.N where kept apart
 *   lock         held by its keeper for as long as that lives, so that others can wait for it
 *   ending       how it is to be ended
 *   exit         how it ended, and how much it printed; believed only once the keeper is gone
 *
 * All of it belongs to who runs there, so that nothing of it is trusted: no link is followed, nothing is opened that could hold up who opens it,
 * and a keeper is known by what the kernel says of it. What each of these programs says ends with a line "ok".
 */
export const PREAMBLE = String.raw`
use strict;
# As Linux numbers them. The modules that know them take longer to read than all of this.
sub O_RDONLY () { 0 } sub O_WRONLY () { 1 } sub O_RDWR () { 2 } sub O_CREAT () { 64 } sub O_EXCL () { 128 } sub O_TRUNC () { 512 } sub O_NONBLOCK () { 2048 }
sub F_SETFL () { 4 } sub LOCK_SH () { 1 } sub LOCK_EX () { 2 } sub LOCK_NB () { 4 }
binmode STDIN; binmode STDOUT;
my ($base, @asked) = @ARGV;

# Which processor's this is says in which column system calls are numbered, where at all.
my ($native, $O_NOFOLLOW);
if (open my $self, "<:raw", "/proc/self/exe") {
  sysread $self, my $head, 20;
  my ($bits, $machine) = unpack "x4 C x13 v", $head;
  ($native, $O_NOFOLLOW) = @{ { 62 => [0, 131072], 183 => [1, 32768], 243 => [1, 131072] }->{ $bits == 2 ? $machine : 0 } || [] };
}
if (!defined $native) { require Fcntl; $O_NOFOLLOW = Fcntl::O_NOFOLLOW() }
# A processor that is not among them has a longer way for some, and none for others.
sub call { my ($numbers, @arguments) = @_; return defined $native ? syscall($numbers->[$native], @arguments) : -1 }
sub rest { select undef, undef, undef, $_[0] }
open my $uptime, "<", "/proc/uptime" or die "/proc/uptime: $!\n";
sub now { sysseek $uptime, 0, 0; sysread $uptime, my $text, 100; return (split " ", $text)[0] }
sub answer { my $text = join "", @_, "ok\n"; syswrite STDOUT, $text; exit 0 }

# Nothing where there is no such file. What is in the way only now must not look as if there were none.
sub open_file {
  my ($path) = @_;
  if (!sysopen my $fh, $path, O_RDONLY | $O_NOFOLLOW | O_NONBLOCK) {
    my $why = $! + 0;
    die "$path: $!\n" if $why == 4 || $why == 5 || $why == 12 || $why == 23 || $why == 24;
    return;
  } elsif (-f $fh) { binmode $fh; return $fh }
  return;
}
sub slurp {
  my $fh = open_file($_[0]) or return "";
  my $text = "";
  # A process that has gone meanwhile is none.
  defined sysread $fh, $text, 4096 or $! == 3 or die "$_[0]: $!\n";
  return $text;
}
# Perl takes the room of the variables for a name, and by those others know whose process it is.
sub take_name {
  my ($name) = @_;
  my $variables = "";
  if (my $fh = open_file("/proc/self/environ")) { while (sysread $fh, $variables, 1 << 20, length $variables) { } }
  my ($at) = slurp("/proc/self/stat") =~ /^.*\) (?:\S+ ){47}(\d+) /s;
  $0 = $name;
  if ($at && sysopen my $memory, "/proc/self/mem", O_WRONLY) { sysseek $memory, $at, 0; syswrite $memory, $variables }
}
take_name("ws-runs $base");
sub write_file {
  my ($at, $name, $text) = @_;
  my $new = "$at/.$name.$$";
  unlink $new;
  sysopen my $fh, $new, O_WRONLY | O_CREAT | O_EXCL | $O_NOFOLLOW, 0600 or return 0;
  my $wrote = syswrite $fh, $text;
  # A disk takes what it still has room for.
  $! = 28 if $wrote && $wrote < length $text;
  return 1 if close $fh and ($wrote || 0) == length $text and rename $new, "$at/$name";
  unlink $new;
  return 0;
}
sub make_base {
  my $path = "";
  for (grep length, split m{/}, $base) { $path .= "/$_"; mkdir $path, 0700 unless -d $path }
  -d $base or die "$base: $!\n";
}
sub discard {
  my ($path) = @_;
  my $gone = "$base/.gone.$$." . int(rand 1e9);
  return unless rename $path, $gone;
  system "rm", "-rf", "--", $gone;
}

sub look_at {
  my ($pid) = @_;
  return slurp("/proc/$pid/stat") =~ /^\d+ \(.*\) (\S) (\d+) (?:\S+ ){17}(\d+) /s
    ? { pid => $pid + 0, dead => $1 =~ /[ZX]/ ? 1 : 0, parent => $2, began => $3 } : undef;
}
sub pids { opendir my $proc, "/proc" or die "/proc: $!\n"; return grep /^\d+$/, readdir $proc }
# Every process that a process began, and those began. Orphans come to the nearest one above that takes them.
sub below {
  my ($root) = @_;
  my %below;
  for (pids()) { my $process = look_at($_) or next; push @{ $below{ $process->{parent} } }, $process }
  my @found = @{ $below{$root} || [] };
  for (my $at = 0; $at < @found; $at += 1) { push @found, @{ $below{ $found[$at]{pid} } || [] } }
  return map { $_->{dead} || $_->{pid} == $$ ? () : $_->{pid} } @found;
}
# For processes whose keeper is gone: by what they carry.
sub marked {
  my ($mark) = @_;
  return grep {
    my $text = "";
    if ($_ != $$ and my $fh = open_file("/proc/$_/environ")) { 1 while sysread $fh, $text, 1 << 20, length $text }
    index("\0$text", "\0WS_RUN=$mark\0") >= 0;
  } pids();
}
# All of a run that its keeper began. Where no orphans come to the keeper, they are found by what they carry.
sub kept_by { my ($keeper, $mark) = @_; my %known; return grep !$known{$_}++, below($keeper), defined $native ? () : marked($mark) }
# Halts them all before it ends any, so that none is left to begin another. Says whether none is left.
sub fell {
  my ($find) = @_;
  my $until = now() + 5;
  for (my $pause = 0.002; ; $pause = $pause < 0.1 ? $pause * 2 : 0.1) {
    my %halted;
    while (my @new = grep !$halted{$_}, $find->()) { kill "STOP", @new; $halted{$_} = 1 for @new }
    my @all = keys %halted or return 1;
    my @others = grep { !kill("KILL", $_) && $! == 1 } @all;
    # What became another user by sudo ends by it, too.
    system "sudo", "-n", "kill", "-KILL", @others if @others;
    return 0 if now() > $until;
    rest($pause);
  }
}

sub own_session { call([112, 157]) >= 0 or do { require POSIX; POSIX::setsid() } }
sub name_of { return "ws-run $base $_[0]" }
sub is_keeper { my ($pid, $id) = @_; my $name = name_of($id); return slurp("/proc/$pid/cmdline") =~ /^\Q$name\E\0*$/ }
sub meta_of {
  my ($id) = @_;
  return slurp("$base/$id/meta") =~ /^1 (\d{1,10}) (\d{1,20}) (\d{1,16}) ([0-9a-f-]{36})\n/
    ? { pid => $1 + 0, began => $2, at => $3, mark => "$id.$4" } : undef;
}
sub lives {
  my ($id, $meta) = @_;
  my $keeper = look_at($meta->{pid}) or return 0;
  return $keeper->{began} eq $meta->{began} && !$keeper->{dead} && is_keeper($meta->{pid}, $id);
}
sub exit_of {
  my ($id) = @_;
  my ($how, $code, $signal, $output, $errors) = slurp("$base/$id/exit") =~ /^(exit|timeout|cancelled|lost) (-|\d{1,3}) (-|\d{1,2}) (\d{1,15}) (\d{1,15})\n/ or return;
  return if $code eq "-" ? $how eq "exit" : $code > 255;
  return { how => $how, code => $code, signal => $signal, output => $output, errors => $errors };
}
sub pieces {
  my ($id, $stream) = @_;
  opendir my $directory, "$base/$id" or return;
  return sort { $a <=> $b } map { /^\Q$stream\E\.(\d{1,15})$/ ? $1 + 0 : () } readdir $directory;
}
sub extent {
  my ($id, $stream) = @_;
  my @pieces = pieces($id, $stream) or return (0, 0);
  return ($pieces[0], $pieces[-1] + ((lstat "$base/$id/$stream.$pieces[-1]")[7] || 0));
}
# Its keeper is gone and did not say how it ended. Nothing of it may go on, because nobody would know.
sub lose {
  my ($id, $meta, $how) = @_;
  fell(sub { marked($meta->{mark}) });
  my $end = { how => $how || "lost", code => "-", signal => "-", output => (extent($id, "output"))[1], errors => (extent($id, "errors"))[1] };
  write_file("$base/$id", "exit", exit_line($end));
  return $end;
}
sub exit_line { my ($end) = @_; return join(" ", @$end{qw(how code signal output errors)}) . "\n" }
# How it ended, or nothing for one that goes on.
sub end_of { my ($id, $meta) = @_; return lives($id, $meta) ? undef : exit_of($id) || lose($id, $meta) }
# A line that says of a run what is known; nothing for what is none.
sub describe {
  my ($id) = @_;
  my $meta = meta_of($id) or return "";
  my $end = end_of($id, $meta);
  my ($start, $printed) = extent($id, "output");
  $printed = $end->{output} if $end && $end->{output} > $printed;
  return "run $id $start $printed $meta->{at} " . ($end ? "$end->{how} $end->{code} $end->{signal}" : "- - -") . "\n";
}
# Makes its directory at once whole, with this in it, unless it is there already.
sub publish {
  my ($id, $meta, $fill) = @_;
  my $stage = "$base/.new.$$." . int(rand 1e9);
  my $is_full = sub { $_[0] == 28 || $_[0] == 122 };
  mkdir $stage, 0700 or $is_full->($! + 0) ? return "full" : die "$stage: $!\n";
  my $made = eval { write_file($stage, "meta", "1 $meta\n") && $fill->($stage) } && (rename($stage, "$base/$id") ? "made" : $! == 39 || $! == 17 ? "taken" : "");
  return "made" if ($made || "") eq "made";
  my $why = $! + 0;
  system "rm", "-rf", "--", $stage;
  return $made || ($is_full->($why) ? "full" : die "$base/$id: " . ($@ || do { $! = $why; "$!\n" }));
}
`;
