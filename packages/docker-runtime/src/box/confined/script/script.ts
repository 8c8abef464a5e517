import { CHANGING } from "./changes.ts";
import { LOOKING } from "./looks.ts";
import { WALKING } from "./walk.ts";

/*
 * What holds a workspace's files below a directory: a program in Perl, which the image has, run in the workspace as its user. It
 * reads requests on its input and answers each on its output, one after the other, until the input ends. Both are frames: a
 * length of four bytes, then fields, each with its own.
 *
 *   request  what to do, then its arguments
 *   answer   `part` and more to come, `done` and what came of it, or `fault`, its name, whose it is and why
 *
 * It keeps what a request holds open, under a number, until it is asked to go on with it or to drop it: so the way to an entry is
 * walked once, and whoever is to permit it is asked in between. A program of the same user may deceive or end it, which can
 * reach everything it can anyway.
 */
export const FILE_SERVER_SCRIPT = [
  "use strict;",
  "use Fcntl qw(:DEFAULT);",
  // Loaded now: later it would change what it is to tell.
  "use Errno;",
  '$0 = "ws-files"; $SIG{PIPE} = "IGNORE"; binmode STDIN; binmode STDOUT;',
  WALKING,
  LOOKING,
  CHANGING,
  String.raw`
sub take {
  my ($length) = @_;
  my $bytes = "";
  while (length $bytes < $length) {
    my $got = sysread STDIN, $bytes, $length - length $bytes, length $bytes;
    next if !defined $got && $!{EINTR};
    return undef unless $got;
  }
  return $bytes;
}

sub say_fields {
  my $frame = pack "(N/a*)*", @_;
  $frame = pack("N", length $frame) . $frame;
  for (my $at = 0; $at < length $frame; ) {
    my $wrote = syswrite STDOUT, $frame, length($frame) - $at, $at;
    next if !defined $wrote && $!{EINTR};
    drop_all(), exit 1 unless $wrote;
    $at += $wrote;
  }
}

my %ways = (
  stat => \&do_stat, list => \&do_list, read => \&do_read, more => \&do_more, drop => \&do_drop,
  write => \&do_write, put => \&do_put, commit => \&do_commit,
  mkdir => \&do_mkdir, rename => \&do_rename, remove => \&do_remove,
);

while (defined(my $head = take(4))) {
  my $length = unpack "N", $head;
  last if $length > 4 * 1024 * 1024;
  my $frame = take($length);
  last unless defined $frame;
  my ($what, @args) = unpack "(N/a*)*", $frame;
  $about = "path";
  my @answer = eval { $ways{$what}->(@args) };
  if (my $fault = $@) {
    # A listing that failed has left it in the directory.
    chdir "/";
    say_fields("fault", ref $fault ? @$fault : ("internal", "path", "$fault"));
  } else {
    say_fields("done", @answer);
  }
}
drop_all();
`,
].join("\n");
