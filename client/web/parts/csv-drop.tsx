import { Upload } from "antd";

/** Where a CSV file is dropped or chosen; it stays in the browser. */
export function CsvDrop({ words, onFile }: { readonly words: string; readonly onFile: (file: File) => void }) {
  return (
    <Upload.Dragger
      accept=".csv"
      maxCount={1}
      showUploadList={false}
      beforeUpload={(file) => {
        onFile(file);
        return Upload.LIST_IGNORE;
      }}
    >
      <p>{words}</p>
    </Upload.Dragger>
  );
}
