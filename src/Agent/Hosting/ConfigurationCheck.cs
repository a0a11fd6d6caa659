using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Agent.Hosting;

/// <summary>
/// Finds every mistake of a configuration at once: keys nobody knows, values that are not what the key takes, values outside their
/// range. The binder alone stops at the first.
/// </summary>
internal static class ConfigurationCheck
{
    /// <summary>Keys that no property takes, and texts that are not of the property's type, each with the path it stands at.</summary>
    public static IEnumerable<(string Path, string Mistake)> Shape(IConfiguration section, Type type)
    {
        if (ElementOf(type) is { } element)
            return section.GetChildren().SelectMany(child => Entry(child, element));
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite)
            .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        return section.GetChildren().SelectMany(child => properties.TryGetValue(child.Key, out var property)
            ? Entry(child, property.PropertyType)
            : [(child.Path, $"{Key(child.Path)}: this key is not known; known here are {string.Join(", ", properties.Keys.Select(Camel).Order(StringComparer.Ordinal))}")]);
    }

    /// <summary>
    /// What is left without the paths given, so that the rest can be bound and its mistakes told too. A null counts as not written.
    /// </summary>
    public static IConfiguration Without(IConfiguration configuration, IReadOnlyCollection<string> paths) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.AsEnumerable().Where(pair => pair.Value is not null && !paths.Any(path => IsAtOrBelow(path, pair.Key))))
        .Build();

    /// <summary>Values outside what the annotations of the options allow, in the object and below it.</summary>
    public static IEnumerable<string> Values(object options, string path = "")
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var value = property.GetValue(options);
            var key = path.Length == 0 ? Camel(property.Name) : $"{path}.{Camel(property.Name)}";
            var results = new List<ValidationResult>();
            if (!Validator.TryValidateProperty(value, new ValidationContext(options) { MemberName = property.Name, DisplayName = key }, results))
                foreach (var result in results)
                    yield return $"{key}: {(IsPassword(property) ? "" : Shown(value))}{result.ErrorMessage}";
            if (value is null || IsLeaf(property.PropertyType))
                continue;
            var below = value is IEnumerable list
                ? list.Cast<object>().SelectMany((item, i) => Values(item, $"{key}[{i}]"))
                : Values(value, key);
            foreach (var mistake in below)
                yield return mistake;
        }
    }

    static IEnumerable<(string Path, string Mistake)> Entry(IConfigurationSection section, Type type)
    {
        if (!IsLeaf(type))
            return section.Value is { Length: > 0 } text
                ? [(section.Path, $"{Key(section.Path)}: '{text}' stands where {(ElementOf(type) is null ? "an object" : "a list")} belongs")]
                : Shape(section, type);
        if (section.Value is null)
            return section.GetChildren().Any() ? [(section.Path, $"{Key(section.Path)}: an object or a list stands where a value belongs")] : [];
        return CanRead(section.Value, Nullable.GetUnderlyingType(type) ?? type)
            ? []
            : [(section.Path, $"{Key(section.Path)}: '{section.Value}' is not {Expected(Nullable.GetUnderlyingType(type) ?? type)}")];
    }

    static bool CanRead(string text, Type type)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) is not null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    static Type? ElementOf(Type type) => type != typeof(string) && type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[0] : null;

    static bool IsLeaf(Type type) => type == typeof(string) || (Nullable.GetUnderlyingType(type) ?? type).IsValueType;

    static string Expected(Type type) =>
        type == typeof(int) ? "a whole number"
        : type == typeof(TimeSpan) ? "a duration such as 00:30:00"
        : type == typeof(DateOnly) ? "a date such as 2026-01-15"
        : $"a {type.Name}";

    static bool IsPassword(PropertyInfo property) => property.GetCustomAttribute<DataTypeAttribute>()?.DataType == DataType.Password;

    static string Shown(object? value) => value is null or "" || !IsLeaf(value.GetType()) ? "" : $"'{value}' is not possible. ";

    static bool IsAtOrBelow(string path, string key) =>
        key.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (key.Length == path.Length || key[path.Length] == ':');

    /// <summary>"recorders:0:path" as people write it: "recorders[0].path".</summary>
    public static string Key(string path) => path.Split(':').Aggregate((key, part) => part.All(char.IsAsciiDigit) ? $"{key}[{part}]" : $"{key}.{part}");

    /// <summary>The same in one spelling, whatever case the file uses.</summary>
    public static string KeyInOneCase(string path) => Key(path.ToLowerInvariant());

    static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
