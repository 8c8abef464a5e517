/*
 * What watches a directory of a workspace: a program in Perl, run in the workspace as its user, over the kernel's inotify and with no more than
 * Perl's base. It ends with its input. On its output it says texts that NUL ends: a path, or, beginning with `/` as no path does, something else;
 * an empty one ends a batch.
 *
 *   /resync      anything may have changed; also said once at the start, when it watches
 *   /slow        the rest says why it does not see everything: `watches`, `instances` or `inotify`
 *   /fault       the rest is what is wrong with the directory, and it ends
 *
 * Directories are entered by descriptors, relative to the one above, and links never: so nothing outside is watched, whatever is swapped meanwhile.
 */
export const WATCH_SCRIPT = String.raw`
use strict;
use Fcntl qw(:DEFAULT);
use Errno;
use Config;
use constant PLACE => 0x200000 | O_DIRECTORY | O_NOFOLLOW;
use constant {
  MODIFY => 0x2, ATTRIB => 0x4, CLOSE_WRITE => 0x8, MOVED_FROM => 0x40, MOVED_TO => 0x80, CREATE => 0x100, DELETE => 0x200,
  DELETE_SELF => 0x400, MOVE_SELF => 0x800, OVERFLOW => 0x4000, IGNORED => 0x8000, ONLYDIR => 0x1000000, ISDIR => 0x40000000,
};
use constant MASK => MODIFY | ATTRIB | CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE | DELETE_SELF | MOVE_SELF | ONLYDIR;
use constant MOST_PATHS => 500;
use constant { NORMAL => 1, OWN => 2, DEEP => 3 };

$0 = "ws-watch"; $SIG{PIPE} = "IGNORE"; binmode STDIN; binmode STDOUT;
my ($directory, $ignored, $included, $most, $seconds) = @ARGV;
my %ignored = map { $_ => 1 } split /\n/, $ignored;
my $hidden = delete $ignored{".*"};
my (%included, %way);
for my $path (split /\n/, $included) {
  my $deep = $path =~ s{/\*\*$}{};
  $included{$path} = $deep ? DEEP : OWN;
  # What is on the way to it is entered, too.
  for (my $above = $path; $above =~ s{/[^/]*$}{}; ) { $way{$above} = 1 }
}

my (%paths, $resync, @said);
sub say_batch {
  push @said, "/resync" if $resync;
  push @said, sort keys %paths unless $resync;
  %paths = (); $resync = 0;
  return unless @said;
  my $text = join "", map { "$_\0" } @said, "";
  @said = ();
  for (my $at = 0; $at < length $text; ) {
    my $wrote = syswrite STDOUT, $text, length($text) - $at, $at;
    next if !defined $wrote && $!{EINTR};
    exit 1 unless $wrote;
    $at += $wrote;
  }
}
sub note {
  return if $resync;
  $paths{$_[0]} = 1;
  if (keys %paths > MOST_PATHS) { $resync = 1; %paths = () }
}
my $is_slow;
sub slow { return if $is_slow; $is_slow = 1; push @said, "/slow$_[0]" }
sub fail { push @said, "/fault$_[0]"; say_batch(); exit 0 }
sub fail_root { fail($!{ENOENT} ? "file_not_found" : $!{ENOTDIR} || $!{ELOOP} ? "not_a_directory" : $!{EACCES} ? "permission_denied" : "internal") }

sub here { "/proc/self/fd/" . fileno $_[0] }
sub open_place { my $fh; return sysopen($fh, $_[0], PLACE) ? $fh : undef }
sub open_root { my $fh = open_place($directory); fail_root() unless $fh; return $fh }

my @calls = $Config{archname} =~ /^x86_64/ ? (294, 254, 255) : $Config{archname} =~ /^(?:aarch64|riscv64)/ ? (26, 27, 28) : ();
my $inotify = -1;
if ($^O eq "linux" && @calls) {
  $inotify = syscall $calls[0], 0x80800;
  slow("instances") if $inotify < 0;
} else { slow("inotify") }
my $events;
open $events, "<&=", $inotify or die if $inotify >= 0;

# All users of the machine share the kernel's watches.
if ($inotify >= 0 && open my $limit, "<", "/proc/sys/fs/inotify/max_user_watches") {
  my $quarter = int(<$limit> / 4);
  $most = $quarter if $quarter < $most;
}

# By watch descriptor. A place knows its name, the place above it and those below.
my (%places, $root);
my $round = 0;
sub path_of {
  my ($place) = @_;
  my @names;
  for (; $place->{above}; $place = $place->{above}) { unshift @names, $place->{name} }
  return join "/", @names;
}
sub leave {
  my ($place, $is_gone) = @_;
  for (my @waiting = $place; my $each = shift @waiting; ) {
    push @waiting, values %{ $each->{below} };
    delete $places{ $each->{wd} };
    syscall $calls[2], $inotify, $each->{wd} + 0 unless $is_gone;
  }
  delete $place->{above}{below}{ $place->{name} } if $place->{above} && ($place->{above}{below}{ $place->{name} } || 0) == $place;
}

# How a directory is watched, or 0 where it is not.
sub way_of {
  my ($above, $path, $name) = @_;
  my $asked = $included{$path} || 0;
  return DEEP if $above->{way} == DEEP || $asked == DEEP;
  return NORMAL unless $above->{way} == OWN || $ignored{$name} || ($hidden && $name =~ /^\./);
  return $asked || $way{$path} ? OWN : 0;
}

# The same directory by another name: it was moved, and the event is yet to come or was lost.
sub relink {
  my ($place, $above, $name, $way) = @_;
  for (my $each = $above; $each; $each = $each->{above}) { return 0 if $each == $place }
  delete $place->{above}{below}{ $place->{name} };
  @$place{qw(above name way)} = ($above, $name, $way);
  $above->{below}{$name} = $place;
  return 1;
}

# Watches a directory and what lies below it; where it is new, its entries are told of.
sub enter {
  my ($fh, $above, $name, $way, $is_new) = @_;
  my $at = here($fh);
  my $known = $above ? $above->{below}{$name} : $root;
  if (!$known && keys %places >= $most) { slow("watches"); return }
  my $wd = syscall $calls[1], $inotify, $at, MASK;
  if ($wd < 0) {
    slow("watches") if $!{ENOSPC} || $!{ENOMEM};
    fail_root() unless $above || $is_slow;
    return;
  }
  leave($known) if $known && $known->{wd} != $wd;
  my $place = $places{$wd};
  if (!$place) {
    $place = $places{$wd} = { wd => $wd, above => $above, name => $name, way => $way, below => {} };
    if ($above) { $above->{below}{$name} = $place } else { $root = $place }
  } elsif ($above && ($place->{above} || 0) != $above || $place->{name} ne $name) {
    relink($place, $above, $name, $way) or return;
  }
  $place->{round} = $round;
  my $path = path_of($place);
  my @s = stat "$at/.";
  # Where the file system counts them, a directory's links say how many directories are in it.
  my $left = @s && $s[3] >= 2 ? $s[3] - 2 : -1;
  return if $left == 0 && !$is_new;
  opendir my $entries, "$at/." or return;
  my @below;
  while (defined(my $each = readdir $entries)) {
    next if $each eq "." || $each eq "..";
    note($path eq "" ? $each : "$path/$each") if $is_new;
    next if $left == 0 || !lstat "$at/$each" || !-d _;
    $left -= 1;
    push @below, $each;
  }
  closedir $entries;
  for my $each (@below) {
    my $further = way_of($place, $path eq "" ? $each : "$path/$each", $each) or next;
    my $next = open_place("$at/$each");
    if ($next) { enter($next, $place, $each, $further, $is_new) }
    elsif ($!{EMFILE}) { slow("watches") }
  }
}

# A directory that an event named, by the way to it that is known.
sub enter_named {
  my ($above, $name) = @_;
  my $path = path_of($above);
  my $way = way_of($above, $path eq "" ? $name : "$path/$name", $name) or return;
  my $fh = open_root();
  for my $each (($path eq "" ? () : split m{/}, $path), $name) {
    $fh = open_place(here($fh) . "/$each") or return;
  }
  enter($fh, $above, $name, $way, 1);
}

sub take {
  my ($buffer) = @_;
  for (my $at = 0; $at + 16 <= length $buffer; ) {
    my ($wd, $mask, $cookie, $length) = unpack "lLLL", substr $buffer, $at, 16;
    my $name = unpack "Z*", substr $buffer, $at + 16, $length;
    $at += 16 + $length;
    if ($mask & OVERFLOW) {
      # What is new since was not told of, so it is looked for.
      $resync = 1; %paths = ();
      $round += 1;
      enter(open_root(), undef, "", NORMAL, 0);
      # So may be what was moved out or removed. Leaving a place leaves those below it, which must not be taken away under the loop.
      my @known = values %places;
      for my $each (@known) { leave($each) if $places{ $each->{wd} } && $each->{round} != $round }
      next;
    }
    my $place = $places{$wd} or next;
    if ($mask & (DELETE_SELF | MOVE_SELF) && $place == $root) { fail("file_not_found") }
    if ($mask & IGNORED) { leave($place, 1); next }
    next if $name eq "";
    my $path = path_of($place);
    note($path eq "" ? $name : "$path/$name") unless $place->{way} == OWN && !$included{$path};
    next unless $mask & ISDIR;
    my $known = $place->{below}{$name};
    if ($mask & (MOVED_FROM | DELETE)) { leave($known, $mask & DELETE) if $known }
    elsif ($mask & (CREATE | MOVED_TO)) { leave($known) if $known; enter_named($place, $name) }
  }
}

my $opened = open_root();
enter($opened, undef, "", NORMAL, 0) if $inotify >= 0;
close $opened;
$resync = 1;
say_batch();
my $pause = 0.01;
my $due = time + $seconds;
while (1) {
  my $ready = "";
  vec($ready, fileno STDIN, 1) = 1;
  vec($ready, $inotify, 1) = 1 if $inotify >= 0;
  my $found = select $ready, undef, undef, $is_slow ? ($due > time ? $due - time : 0) : undef;
  next if $found < 0 && $!{EINTR};
  if ($found > 0 && vec $ready, fileno STDIN, 1) {
    my $got = sysread STDIN, my $ignored_input, 4096;
    exit 0 if !$got && !(!defined $got && $!{EINTR});
  }
  if ($is_slow && time >= $due) { close open_root(); $resync = 1; $due = time + $seconds }
  if ($found > 0 && $inotify >= 0 && vec $ready, $inotify, 1) {
    # Waited a moment for what comes with it: a save is some five events.
    select undef, undef, undef, $pause;
    for (1 .. 64) { last unless sysread $events, my $buffer, 65536; take($buffer) }
    $pause = $resync || keys %paths > 50 ? 0.1 : 0.01;
  }
  say_batch();
}
`;
