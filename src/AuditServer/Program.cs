using AuditServer.Assigning;
using AuditServer.Enrolments;
using AuditServer.Hosting;
using AuditServer.Intake;

if (OfficeCommand.Verbs.Contains(args.FirstOrDefault()))
    return OfficeCommand.Run(args, TimeProvider.System, Console.Out, Console.Error);
if (AssignCommand.Verbs.Contains(args.FirstOrDefault()))
    return AssignCommand.Run(args, TimeProvider.System, Console.Out, Console.Error);
if (args.FirstOrDefault() == TakeCommand.Verb)
    return await TakeCommand.RunAsync(args, TimeProvider.System, Console.Out, Console.Error);

ServerOptions options;
try
{
    options = ServerOptions.Parse(args);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n{ServerOptions.Usage}\n{OfficeCommand.Usage}\n{AssignCommand.Usage}\n{TakeCommand.Usage}");
    return 64;
}

await using var log = Logs.Create();
try
{
    await using var server = AuditServerHost.Build(options, TimeProvider.System, log);
    await server.RunAsync();
    return 0;
}
catch (Exception e)
{
    log.Fatal(e, "The audit server ends because of a failure it cannot mend");
    return 1;
}
