/**
 * Ends a run and says what is known of it once nothing of it is left, or `stuck`. One that was never begun is from now on one that was ended.
 * Arguments: directory, id, milliseconds, why, the time, nonce.
 */
export const END = String.raw`
my ($id, $grace, $how, $at, $nonce) = @asked;
umask 077;
make_base();
my ($meta, @keepers);
for (1 .. 3) {
  $meta = meta_of($id);
  # Its directory may have been taken away.
  @keepers = $meta && lives($id, $meta) ? $meta->{pid} : grep { is_keeper($_, $id) } pids();
  if (@keepers || $meta) { last }
  discard("$base/$id") if lstat "$base/$id";
  my $made = publish($id, "0 0 $at $nonce", sub { write_file($_[0], "exit", "$how - - 0 0\n") });
  answer("full\n") if $made eq "full";
}
write_file("$base/$id", "ending", "$grace $how\n") if @keepers && $meta;
kill $_, @keepers for "USR1", "CONT";
my $until = now() + $grace / 1000 + 4;
my @waited = map { look_at($_) || () } @keepers;
my $left = sub { grep { my $now = look_at($_->{pid}); $now && !$now->{dead} && $now->{began} eq $_->{began} } @waited };
for (my $pause = 0.002; $left->() && now() < $until; $pause = $pause < 0.05 ? $pause * 1.5 : 0.05) { rest($pause) }
# One that was halted, or that cannot.
for my $keeper (map $_->{pid}, $left->()) {
  fell(sub { kept_by($keeper, $meta ? $meta->{mark} : "") }) or answer("stuck\n");
  kill "KILL", $keeper;
  for (my $tries = 0; $left->() && $tries < 100; $tries += 1) { rest(0.01) }
  answer("stuck\n") if $left->();
  lose($id, $meta, $how) if $meta && !exit_of($id);
}
answer($meta ? describe($id) : ());
`;
