using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

internal sealed record ValidateStateMachineDefinitionRequest
{
    public string? Definition { get; init; }

    public string? Type { get; init; }

    /// <summary>ERROR or WARNING: there are no warnings here.</summary>
    public string? Severity { get; init; }

    public int? MaxResults { get; init; }
}

internal sealed record ValidateStateMachineDefinitionResponse(string Result, IReadOnlyList<DiagnosticItem> Diagnostics, bool Truncated);

internal sealed record DiagnosticItem(string Severity, string Code, string Message, string? Location);

/// <summary>Says what is wrong with a definition without creating anything.</summary>
internal sealed class ValidateStateMachineDefinition(StateMachines machines)
{
    public ValidateStateMachineDefinitionResponse Run(ValidateStateMachineDefinitionRequest request, Caller caller)
    {
        var found = machines.Diagnose(
            request.Definition ?? throw StepFunctionsErrors.Missing("definition"),
            StateMachines.CheckType(request.Type)
        );
        var most = request.MaxResults is null or 0 ? 100 : request.MaxResults.Value;
        return new(
            found.Count == 0 ? "OK" : "FAIL",
            [.. found.Take(most).Select(d => new DiagnosticItem("ERROR", d.Code, d.Message, d.Location))],
            found.Count > most
        );
    }
}
