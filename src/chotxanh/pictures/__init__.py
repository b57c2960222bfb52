"""QR codes and barcodes, drawn for pages and paper and read from pictures."""
