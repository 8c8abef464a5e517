/** Says what is known of each run. Arguments: directory. */
export const LIST = String.raw`
opendir my $directory, $base or do { answer() if $! == 2; die "$base: $!\n" };
answer(map { /^[A-Za-z][\w.-]*$/ ? describe($_) : () } sort readdir $directory);
`;

/**
 * Says what is known of a run once it has ended, or `none`. Ends with its input, which says that nobody waits any more. Arguments: directory, id.
 */
export const WAIT = String.raw`
my ($id) = @asked;
my $meta = meta_of($id) or answer("none\n");
fcntl STDIN, F_SETFL, O_RDONLY | O_NONBLOCK;
sysopen my $lock, "$base/$id/lock", O_RDONLY | $O_NOFOLLOW | O_NONBLOCK;
$SIG{ALRM} = sub { };
my $nap = 0.001;
while (lives($id, $meta)) {
  my $got = sysread STDIN, my $nothing, 100;
  exit 1 if defined $got && !$got;
  # It is ours as soon as the keeper is gone; whoever else may have it, a look now and then sees the same.
  alarm 1;
  my $is_free = $lock && flock $lock, LOCK_SH;
  alarm 0;
  if ($is_free || !$lock) { rest($nap); $nap *= 2 if $nap < 0.5 }
}
my $end = exit_of($id) || lose($id, $meta);
answer("run $id 0 0 $meta->{at} $end->{how} $end->{code} $end->{signal}\n");
`;

/** Takes away what is kept of a run that has ended, and what others left behind who were cut off. Arguments: directory, id. */
export const REMOVE = String.raw`
my ($id) = @asked;
my $meta = meta_of($id);
discard("$base/$id") if $meta ? end_of($id, $meta) : lstat "$base/$id";
if (opendir my $directory, $base) {
  for (grep /^\.(?:new|gone)\.\d/, readdir $directory) { system "rm", "-rf", "--", "$base/$_" if -M "$base/$_" > 1 / 24 }
}
answer();
`;
