await Console.Error.WriteLineAsync("Usage: FakeRecorder --personality NAME [--port N] [--user NAME --password-file FILE] [--fault NAME]");
return 64;
