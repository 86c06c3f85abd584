using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

/// <summary>What CloudFormation answers about stacks and change sets, in its words.</summary>
internal static class StackErrors
{
    public static AwsException Validation(string message) => new("ValidationError", message);

    public static AwsException InvalidToken() => Validation("NextToken is invalid.");

    public static AwsException NoStack(string name) => Validation($"Stack with id {name} does not exist");

    public static AwsException NoStackInBrackets(string name) => Validation($"Stack [{name}] does not exist");

    public static AwsException AlreadyExists(string name) => new("AlreadyExistsException", $"Stack [{name}] already exists");

    public static AwsException CannotUpdate(StackDocument stack) =>
        Validation($"Stack:{stack.Id} is in {stack.Status} state and can not be updated.");

    public static AwsException NoUpdates() => Validation("No updates are to be performed.");

    public static AwsException CannotDelete(StackDocument stack) =>
        Validation($"Stack [{stack.Name}] cannot be deleted while in status {stack.Status}");

    public static AwsException Protected(string name) =>
        Validation($"Stack [{name}] cannot be deleted while TerminationProtection is enabled");

    public static AwsException NoChangeSet(string name) => new("ChangeSetNotFound", $"ChangeSet [{name}] does not exist", 404);

    public static AwsException BadChangeSetStatus(string id, string status) =>
        new("InvalidChangeSetStatus", $"ChangeSet [{id}] cannot be executed in its current status of [{status}]");

    public static AwsException NoTemplate() => Validation("Either Template URL or Template Body must be specified.");

    public static AwsException Missing(string member) =>
        Validation($"1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null");

    public static AwsException Constraint(string value, string member, string constraint) =>
        Validation($"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}");
}
