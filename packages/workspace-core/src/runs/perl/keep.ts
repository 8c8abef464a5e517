/*
 * Keeps one run: it begins the program in a session of its own, is the parent that its orphans come to, and writes down what it prints. Where it
 * is told to end by anybody but us, its place is going, and how the program ended then is not how the run did.
 */
export const KEEP = String.raw`
sub LINGER () { 5 } sub GRACE () { 2 } sub AT_ONCE () { 65536 }

sub new_stream {
  my ($name, $fh, $head, $tail) = @_;
  my $piece = $tail / 4 > AT_ONCE ? int($tail / 4) : AT_ONCE;
  return { name => $name, from => $fh, size => 0, head => $head, tail => $tail, piece => $piece, tails => [] };
}
sub next_piece {
  my ($s) = @_;
  close $s->{to} if $s->{to};
  $s->{to} = undef;
  sysopen my $to, "$s->{name}.$s->{size}", O_WRONLY | O_CREAT | O_TRUNC | $O_NOFOLLOW, 0600 or return;
  binmode $to;
  my $in_head = $s->{size} < $s->{head};
  push @{ $s->{tails} }, $s->{size} unless $in_head;
  @$s{qw(to first last)} = ($to, $s->{size}, $in_head ? $s->{head} : $s->{size} + $s->{piece});
  # The one that is begun now is kept beside as many full ones as are wanted.
  drop($s) while @{ $s->{tails} } > 1 && $s->{size} - $s->{tails}[1] >= $s->{tail};
  return 1;
}
sub drop { my ($s) = @_; my $first = shift @{ $s->{tails} }; unlink "$s->{name}.$first"; return $first }
# Better to forget than to stop the program.
sub make_room {
  my ($s) = @_;
  my @tails = @{ $s->{tails} } or return;
  return if @tails == 1 && $s->{to} && $s->{first} == $s->{size};
  my $dropped = drop($s);
  if ($s->{to} && $dropped == $s->{first}) { close $s->{to}; $s->{to} = undef }
  return 1;
}
sub append {
  my ($s, $bytes) = @_;
  while (length $bytes) {
    if ((!$s->{to} || $s->{size} >= $s->{last}) && !next_piece($s)) { next if make_room($s); last }
    my $room = $s->{last} - $s->{size};
    my $wrote = syswrite $s->{to}, $bytes, $room < length $bytes ? $room : length $bytes;
    if ($wrote) { $s->{size} += $wrote; substr $bytes, 0, $wrote, ""; next }
    next if $! == 4;
    next if make_room($s);
    close $s->{to};
    $s->{to} = undef;
    last;
  }
  # For which there was no room at all.
  $s->{size} += length $bytes;
}

sub begin {
  my ($given, $out, $err, $in, $umask, $mark) = @_;
  pipe my $failed, my $fail or die;
  my $main = fork;
  defined $main or die "fork: $!\n";
  if (!$main) {
    $SIG{$_} = "DEFAULT" for qw(HUP INT QUIT TERM PIPE CHLD USR1 XFSZ);
    own_session();
    open STDIN, "<&", $in if $in != \*STDIN;
    open STDOUT, ">&", $out;
    open STDERR, ">&", $err;
    umask $umask;
    if (!chdir $given->{cwd}) { syswrite $fail, "no-cwd " . ($! + 0); kill 9, $$ }
    %ENV = (%ENV, %{ $given->{env} }, PWD => $given->{cwd}, WS_RUN => $mark);
    my @argv = @{ $given->{argv} };
    exec { $argv[0] } @argv;
    syswrite $fail, "no-command " . ($! + 0);
    kill 9, $$;
  }
  close $fail;
  my $why;
  while (!defined sysread $failed, $why, 100) { last if $! != 4 }
  waitpid $main, 0 if $why;
  return ($main, $why);
}

sub keep {
  my ($id, $given, $tell) = @_;
  my ($head, $tail, $apart, $timeout, $at, $nonce, $umask) = @$given{qw(head tail apart timeout at nonce umask)};
  my $say = sub { my ($text) = @_; syswrite $tell, $text if $tell; close $tell if $tell; $tell = undef };
  own_session();
  # From now on orphans below come here.
  call([157, 167], 36, 1, 0, 0, 0);
  $SIG{$_} = "IGNORE" for qw(HUP INT QUIT PIPE XFSZ);
  open STDIN, "+<", "/dev/null"; open STDOUT, ">&STDIN"; open STDERR, ">&STDIN";

  # Before anybody can know of it, because a signal that nobody listens to would end it.
  my ($asked, $stopping);
  pipe my $woken, my $wake or return $say->("failed pipe: $!");
  fcntl $wake, F_SETFL, O_WRONLY | O_NONBLOCK;
  $SIG{CHLD} = sub { syswrite $wake, "." };
  $SIG{USR1} = sub { $asked = 1; syswrite $wake, "." };
  $SIG{TERM} = sub { $stopping = 1; syswrite $wake, "." };
  # By which whoever ends it finds it, also before it is published.
  take_name(name_of($id));

  my ($lock, $exit);
  my $meta = "$$ " . look_at($$)->{began} . " $at $nonce";
  my $made = eval {
    publish($id, $meta, sub {
      my ($stage) = @_;
      # There is room for how it ends, however full the disk is then.
      sysopen $exit, "$stage/.exit", O_RDWR | O_CREAT | O_EXCL, 0600 or return;
      (syswrite $exit, " " x 99 . "\n") == 100 or return;
      sysopen $lock, "$stage/lock", O_RDWR | O_CREAT | O_EXCL, 0600 or return;
      return flock($lock, LOCK_EX | LOCK_NB) && chdir $stage;
    });
  };
  return $say->($made || "failed $@") if ($made || "") ne "made";

  my (@streams, $status, $in, $main);
  my $why = eval {
    pipe my $out, my $out_end or die "pipe: $!\n";
    push @streams, new_stream("output", $out, $head, $tail);
    my $err_end = $out_end;
    if ($apart) { pipe my $err, my $end or die "pipe: $!\n"; $err_end = $end; push @streams, new_stream("errors", $err, $head, $tail) }
    my $in_end = \*STDIN;
    if (length $given->{stdin}) { pipe $in_end, $in or die "pipe: $!\n"; fcntl $in, F_SETFL, O_WRONLY | O_NONBLOCK }
    ($main, my $refused) = begin($given, $out_end, $err_end, $in_end, $umask, "$id.$nonce");
    return $refused;
  };
  $why = "failed $@" if $@;
  if ($why) { chdir "/"; discard("$base/$id"); return $say->($why) }
  next_piece($_) for @streams;
  $say->("run $id 0 0 $at - - -\n");
  # What had begun before the machine's power went is not begun again after it.
  if (sysopen my $runs, $base, O_RDONLY) { call([74, 82], fileno $runs) }

  my $left = sub { kept_by($$, "$id.$nonce") };
  my $began = now();
  my ($ending, $kill_at, $linger, $gone, $gone_at) = ("");
  my $pause = 0.005;
  my $end = sub {
    my ($how, $grace) = @_;
    # Where the place is going, a program that ended just now was told to.
    my $by_itself = defined $status && ($how ne "lost" || defined $linger && now() > $linger - LINGER + 0.1);
    ($ending, $kill_at) = ($by_itself ? "exit" : $how, now() + $grace);
    my @all = eval { $left->() };
    kill $_, @all for "TERM", "CONT";
  };
  for (;;) {
    while ((my $pid = waitpid -1, 1) > 0) { $status = $? if $pid == $main }
    my $now = now();
    $linger = $now + LINGER if defined $status && !defined $linger;
    if (!$ending) {
      if ($asked) { my ($grace, $how) = (eval { slurp("ending") } || "") =~ /^(\d{1,7}) (cancelled|timeout)\n/; $end->($how || "cancelled", ($grace // 2000) / 1000) }
      elsif ($stopping) { $end->("lost", GRACE) }
      elsif ($timeout && !defined $status && $now - $began >= $timeout) { $end->("timeout", GRACE) }
    }
    if ($ending) {
      # Where the machine cannot say it now, nothing is known to be gone.
      $gone = eval { !$left->() };
      if (!$gone && $now >= $kill_at) { $gone = eval { fell($left) }; $kill_at = now() + 1 }
      $gone_at = $now if $gone && !defined $gone_at;
    }
    my @open = grep $_->{from}, @streams;
    last if defined $status && (!@open && (!$ending || $gone) || !$ending && $now >= $linger || $ending && $gone && $now > $gone_at + 1);
    my $wait;
    for ($ending ? $kill_at : $timeout && !defined $status ? $began + $timeout : (), defined $linger && !$ending ? $linger : ()) {
      $wait = $_ - $now if !defined $wait || $_ - $now < $wait;
    }
    if ($ending) { $wait = $pause if !defined $wait || $wait > $pause; $pause *= 1.5 if $pause < 0.1 }
    $wait = 0 if defined $wait && $wait < 0;
    my ($readers, $writers) = ("", "");
    vec($readers, fileno $_, 1) = 1 for $woken, map $_->{from}, @open;
    vec($writers, fileno $in, 1) = 1 if $in;
    next if (select $readers, $writers, undef, $wait) <= 0;
    sysread $woken, my $signs, 4096 if vec $readers, fileno $woken, 1;
    take($_) for grep { vec $readers, fileno $_->{from}, 1 } @open;
    if ($in && vec $writers, fileno $in, 1) {
      my $wrote = syswrite $in, $given->{stdin};
      substr $given->{stdin}, 0, $wrote, "" if $wrote;
      if (!length $given->{stdin} || !defined $wrote && $! != 4 && $! != 11) { close $in; $in = undef; $given->{stdin} = "" }
    }
  }
  # What others hold open may hold more.
  for my $s (grep $_->{from}, @streams) {
    for (1 .. 16) { my $ready = ""; vec($ready, fileno $s->{from}, 1) = 1; last if (select $ready, undef, undef, 0) <= 0; take($s); last if !$s->{from} }
  }
  my $signal = $status & 127;
  my $line = exit_line({ how => $ending || "exit", code => $signal ? 128 + $signal : $status >> 8, signal => $signal || "-",
    output => $streams[0]{size}, errors => $apart ? $streams[1]{size} : 0 });
  for (1 .. 20) {
    sysseek $exit, 0, 0;
    (syswrite $exit, $line) == length $line and rename ".exit", "exit";
    last if slurp("exit") eq $line . slurp_rest($line) || write_file(".", "exit", $line) || !make_room($streams[0]);
  }
}
# What is left of the room that was kept for it.
sub slurp_rest { return " " x (99 - length $_[0]) . "\n" }
sub take {
  my ($s) = @_;
  my $got = sysread $s->{from}, my $bytes, AT_ONCE;
  return if !defined $got && ($! == 4 || $! == 11);
  if (!$got) { close $s->{from}; $s->{from} = undef; return }
  append($s, $bytes);
  # A flood leaves the others some of the machine.
  rest(0.001) if $got == AT_ONCE;
}
`;
